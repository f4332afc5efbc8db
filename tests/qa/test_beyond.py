import pytest

from qa.beyond import asks_beyond_quoting


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the articles",
        "Summarize the fire story in two sentences.",
        "Could you please give me a short summary of the strike?",
        "Give me an overview of the strike",
        "Overview of the strike",
        "I need a summary of the quake",
        "Sum up the debate",
        "tl;dr",
        "Write me a poem about the ferry",
        "Please write a headline",
        "Help me write an email to the mayor",
        "Tell me a joke",
        "A haiku about the ferry",
        "Translate the first article into German",
        "Put the headline into French",
        "Calculate the total loss",
        "What is 12 times 7?",
        "12 + 30",
        "What is 15% of 80?",
        "What do you think of the mayor?",
        "What's your opinion on the mill?",
        "How do you feel about the strike?",
        "Do you agree with the union?",
    ],
)
def test_what_must_be_made_is_no_question_to_the_articles(question):
    assert asks_beyond_quoting(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the summary of the report's finding?",
        "What did the summary say?",
        "Who wrote the poem?",
        "Who translated the book?",
        "How was the loss calculated?",
        "What did the mayor think of the plan?",
        "What was the mayor's opinion?",
        "Give me the names of the schools",
        "Tell me who won",
        "Show me the report that was wrong",
        "Can you tell me why it failed?",
        "What do you need to run the lamp?",
        "How much is a ticket?",
        "What is 9/11?",
        "2011-12 saw which club drop?",
        "Write-offs: how many?",
        "Abstract of the paper: who wrote it?",
        "What should you do in a quake?",
        "Explain why it failed",
        "",
    ],
)
def test_a_question_that_the_articles_may_answer_is_asked(question):
    assert not asks_beyond_quoting(question)
