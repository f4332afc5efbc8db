"""Matplotlib's SVG made fit to stand inside a page: no inline styles, no ids that clash.

A page that allows no inline styles would drop them, and two drawings in one
page both have a `figure_1`. What comes out is also a whole SVG file.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"
_URL = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r"(?:(?P<weight>bold|\d+) )?(?P<size>[\d.]+px) (?P<family>.+)")


def tidied(svg: str, *, name: str, title: str) -> str:
    """The drawing as one element, named for those who do not see it.

    Raises xml.etree.ElementTree.ParseError if it is no XML.
    """
    register_namespace("", _SVG)
    register_namespace("xlink", _XLINK)
    root = fromstring(svg)
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        _restyle(element)
    _number_ids(root, name)
    # What the style element said of everything.
    root.attrib |= {"stroke-linejoin": "round", "stroke-linecap": "butt", "role": "img"}
    heading = SubElement(root, f"{{{_SVG}}}title", {"id": f"{name}-title"})
    heading.text = title
    root.remove(heading)
    root.insert(0, heading)
    root.set("aria-labelledby", f"{name}-title")
    return tostring(root, encoding="unicode")


def _number_ids(root: Element, name: str) -> None:
    """Keep only the ids that something points to, with the drawing's name in front."""
    pointed = {target for element in root.iter() for target in _targets(element)}
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in pointed:
            element.set("id", f"{name}-{own}")
        for key, value in element.attrib.items():
            if key == _HREF:
                element.set(key, f"#{name}-{value.removeprefix('#')}")
            else:
                element.set(key, _URL.sub(rf"url(#{name}-\1)", value))


def _targets(element: Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key == _HREF:
            yield value.removeprefix("#")
        yield from _URL.findall(value)


def _restyle(element: Element) -> None:
    """Each declaration of the style as an attribute of its own."""
    for declaration in element.attrib.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        font = _FONT.fullmatch(value) if key == "font" else None
        if font:
            element.set("font-size", font["size"])
            element.set("font-family", font["family"])
            if font["weight"]:
                element.set("font-weight", font["weight"])
        elif key:
            element.set(key, value)
