"""The questions as tools of the Model Context Protocol, for assistants that speak it.

Gradio could serve MCP itself, but wants an older `mcp` and would call itself over HTTP,
past our passwords; so the package's own server is mounted in our app, behind the same guard.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from index.errors import FootnoteError
from ui.desk import Desk
from ui.tools import Tools

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from starlette.routing import BaseRoute

PATH = "/mcp"
ABOUT = (
    "Questions to a collection of articles. Answers are words of the articles, each with its "
    "citation; where the articles do not say, `answered` is false. Quote and cite what comes back."
)


class McpMissing(FootnoteError):
    """MCP was asked for where its package is not installed."""


def require_mcp() -> None:
    """Raise McpMissing where the package is not installed."""
    if find_spec("mcp") is None or find_spec("mcp.server.mcpserver") is None:
        raise McpMissing("--mcp needs the package mcp, 2 or newer: pip install 'footnote-qa[mcp]'")


def mcp_server(desk: Desk) -> "MCPServer":
    """A server of the tools ask, search and read_article. Raises McpMissing."""
    require_mcp()
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations

    server = MCPServer("footnote", instructions=ABOUT, log_level="WARNING", subscriptions=False)
    tools = Tools(desk, refuse=ToolError)
    harmless = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (tools.ask, tools.search, tools.read_article):
        server.add_tool(tool, annotations=harmless)
    return server


def mcp_routes(server: "MCPServer") -> list["BaseRoute"]:
    """The server's routes; its `session_manager.run()` must be entered while they are open.

    Each request stands for itself, so nothing is kept between them. Host and Origin are
    the guard's business.
    """
    from mcp.server.transport_security import TransportSecuritySettings

    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return list(app.routes)
