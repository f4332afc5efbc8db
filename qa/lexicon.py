"""Closed classes of English words and the forms of verbs: what a chunker needs to know.

Words of open classes are named only where their class cannot be seen from their
surroundings. Nothing here is about any subject.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLES = _words("the a an")
DEMONSTRATIVES = _words("this that these those")
POSSESSIVES = _words("his her its their my our your whose")
DETERMINERS = (
    ARTICLES
    | DEMONSTRATIVES
    | POSSESSIVES
    | _words("each every both either neither any some no all many much few several another other")
)
PREPOSITIONS = _words(
    """about above across after against along among around at before behind below beneath beside
    besides between beyond by despite during except for from in inside into like near of off on
    onto out outside over per since than through throughout till to toward towards under until up
    upon upstairs versus via vs with within without according"""
)
WH = _words("who whom whose what which when where why how")
BE = _words("is are was were am be been being 's")
DO = _words("do does did")
AUXILIARIES = (
    BE
    | DO
    | _words("has have had having can could will would shall should may might must cannot")
    | _words("isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't")
    | _words("couldn't won't wouldn't shouldn't ca wo")
)
MODALS = _words(
    """can could will would shall should may might must cannot can't couldn't won't wouldn't
    shouldn't doesn't don't didn't"""
)
NUMBERS = _words("one two three four five six seven eight nine ten eleven twelve hundred")
CONJUNCTIONS = _words("and or but nor so if because although though while whereas unless that")
ADVERBS = _words(
    """not n't never ever also still again already now then there here too just only even yet soon
    once twice ago later earlier else away back down home most more less least very so as well
    together apart today yesterday tomorrow tonight instead exactly really long often far"""
)
PRONOUNS = _words(
    """i i'm i've you you're he she it it's we they me him her us them mine yours hers ours theirs
    himself herself
    itself themselves someone somebody anyone anybody everyone everybody nobody something anything
    everything nothing"""
)

# Adjectives that are said of a subject: "the church famous for".
PREDICATES = _words(
    """able alive available bad best better big called cheap common dangerous dead deep
    different due effective empty endangered ethical expensive false famous far free full good
    heavy high important known large legal light likely long named necessary new old popular
    possible profitable quiet ready reliable responsible safe short sick similar small strong tall
    treatable true weak wide worse worst worth young"""
)

# Nouns that name a part, a property or a holder of something else: without an "of" they ask for it.
RELATIONAL = _words(
    """aim author background benefit boss captain capital cause chairman characteristic chief coach
    colour conclusion condition consequence cost damage date death depth difference director
    disadvantage advantage adaptation appearance argument challenge contribution creation
    criticism characteristic controversy definition development discovery evidence invention
    instance objective opposition possibility relation relationship significance similarity
    symptom variation distance driver duration editor effect example feature finding founder
    form function goal head height history idea impact importance inspiration insurer inventor
    kind king leader length level limit loss maker manager mayor mediator meaning member name
    number objective occasion opponent option origin outcome owner part population president price
    problem process producer property purpose queen reaction reason referee requirement response
    restorer result risk role rule score secretary sign significance size source spokesman
    spokeswoman stage step structure style symptom theme title treatment type use user value
    variety victim weight width winner witness"""
)
PERSON_NOUNS = _words(
    """author baker boss boy brother captain chairman chairwoman chancellor chemist chief coach
    commander councillor critic director executive master doctor editor farmer father fisherman
    founder geologist
    girl goalkeeper governor grandfather grandmother herder inventor journalist judge king leader
    librarian man manager mayor mediator minister mother nurse officer official owner pilot player
    poet policeman president priest prince princess professor queen referee researcher restorer
    scientist secretary senator sister soldier son daughter spokesman spokeswoman student teacher
    treasurer watchman wife husband woman worker writer victim survivor suspect neighbour"""
)
GROUP_NOUNS = _words(
    """agency army association authority bank club commission committee company corporation council
    court department federation firm gang government group institute institution ministry
    newspaper operator organisation organization parliament party police school squad team union
    university importer"""
)
PLACE_NOUNS = _words(
    """area city country county district island province region site state station street town
    valley village place stadium museum library port harbour hospital church building prison camp
    post outpost checkpoint"""
)
TIME_NOUNS = _words(
    """year day month week time night evening morning decade century season spring
    summer autumn winter moment hour minute weekend"""
)
FEMALE = _words("she her hers woman girl mother grandmother sister daughter wife mrs ms actress")
MALE = _words("he his him man boy father grandfather brother son husband mr")

IRREGULAR = {  # base form -> past, participle where it differs
    "be": "was been",
    "become": "became",
    "begin": "began begun",
    "bite": "bit bitten",
    "blow": "blew blown",
    "break": "broke broken",
    "bring": "brought",
    "build": "built",
    "burn": "burned burnt",
    "buy": "bought",
    "catch": "caught",
    "choose": "chose chosen",
    "come": "came",
    "cost": "cost",
    "cut": "cut",
    "deal": "dealt",
    "die": "died",
    "do": "did done",
    "draw": "drew drawn",
    "drink": "drank drunk",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "feed": "fed",
    "feel": "felt",
    "fight": "fought",
    "find": "found",
    "flee": "fled",
    "fly": "flew flown",
    "forget": "forgot forgotten",
    "get": "got",
    "give": "gave given",
    "go": "went gone",
    "grow": "grew grown",
    "hear": "heard",
    "hide": "hid hidden",
    "hit": "hit",
    "hold": "held",
    "hurt": "hurt",
    "keep": "kept",
    "know": "knew known",
    "lay": "laid",
    "lead": "led",
    "leave": "left",
    "lend": "lent",
    "lie": "lay lain",
    "lose": "lost",
    "make": "made",
    "mean": "meant",
    "meet": "met",
    "pay": "paid",
    "put": "put",
    "read": "read",
    "ride": "rode ridden",
    "rise": "rose risen",
    "run": "ran",
    "say": "said",
    "see": "saw seen",
    "sell": "sold",
    "send": "sent",
    "set": "set",
    "shake": "shook shaken",
    "shoot": "shot",
    "show": "showed shown",
    "shut": "shut",
    "sing": "sang sung",
    "sink": "sank sunk",
    "sleep": "slept",
    "speak": "spoke spoken",
    "spend": "spent",
    "stand": "stood",
    "steal": "stole stolen",
    "stick": "stuck",
    "strike": "struck",
    "swim": "swam",
    "take": "took taken",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "understand": "understood",
    "wake": "woke woken",
    "wear": "wore worn",
    "win": "won",
    "write": "wrote written",
}
_REGULAR = _words(
    """accept add agree allow announce answer appear arrest arrive ask attack attend ban beat
    belong call carry cause change claim clear close coach collect collapse compare complain
    contain continue cook cover crash create cross cure damage decide defend deliver demand deny
    describe design destroy develop differ disappear discover drop earn elect end enter escape
    evacuate exist expect explain explode fail fear fill finish fit follow found freeze fund gain
    happen hate head help hire hope hurt import improve include increase injure insure introduce
    invent investigate invite issue join jump kick kill launch learn like live look love
    manage mark measure miss move name need notice object offer open oppose order organise own
    pack paint pass pick plan plant play prefer prepare prevent produce promise propose protect
    publish raise reach receive recommend record reduce refuse relate release remain remove repair
    replace report represent require rescue resign respond restore retire return reveal save score
    search seem serve sign smell sound start stay stop study suffer suggest supply support survive
    tell test tour train travel treat try turn use visit vote wait want warn wash watch weigh work
    worry"""
)
_PAST = {base: forms.split()[0] for base, forms in IRREGULAR.items()}
_BASE = {form: base for base, forms in IRREGULAR.items() for form in forms.split()}


def base_form(verb: str) -> str | None:
    """The verb as it stands after "did", or None if this is no past form that is known."""
    if verb in _BASE:
        return _BASE[verb]
    if not verb.endswith("ed"):
        return None
    stems = (verb[:-1], verb[:-2], verb[:-3], f"{verb[:-3]}y")  # raised, asked, banned, carried
    known = (stem for stem in stems if stem in _REGULAR or stem in IRREGULAR)
    return next((stem for stem in known if len(stem) > 2), None)


def past_form(verb: str) -> str:
    """The past tense of a verb in its base form, regular unless it is known not to be."""
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}ed"


def is_base(word: str) -> bool:
    """Whether the word is the base form of a verb that is known."""
    return word in IRREGULAR or word in _REGULAR


def is_verb(word: str) -> bool:
    """Whether the word, in lower case, is a form of a verb that is known, or looks like one."""
    if word in _BASE or word in IRREGULAR or word in _REGULAR:
        return True
    if base_form(word) or (word.endswith("ed") and len(word) > 4):
        return True
    singular = (word[:-1], word[:-2], f"{word[:-3]}y") if word.endswith("s") else ()
    return any(stem in IRREGULAR or stem in _REGULAR for stem in singular)


def is_plural(noun: str) -> bool:
    """Whether a noun looks like more than one."""
    return noun in _IRREGULAR_PLURALS or (
        noun.endswith("s") and not noun.endswith(("ss", "us", "is", "'s", "’s"))
    )


_IRREGULAR_PLURALS = _words("people men women children police mice feet teeth geese reindeer sheep")


def singular(noun: str) -> str:
    """A noun without its plural ending, in lower case."""
    noun = noun.lower()
    if noun in _SINGULARS:
        return _SINGULARS[noun]
    if not is_plural(noun) or noun in _IRREGULAR_PLURALS:
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun[:-2] if noun.endswith(("ches", "shes", "xes", "sses")) else noun[:-1]


_SINGULARS = {"men": "man", "women": "woman", "children": "child", "mice": "mouse"}
