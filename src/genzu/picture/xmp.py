"""XMP packets (ISO 16684-1): what photo programs, agencies and archives read; written whole, read with distrust."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from genzu.errors import UnreadablePicture

LARGEST = 8_000_000
"""Letters of a packet that is read."""
PASSPORT_SPACE = "urn:genzu:passport:1"

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "genzu": PASSPORT_SPACE,
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Xmp:
    """The properties that Genzu writes and reads; what is empty is left out."""

    title: str = ""
    creators: tuple[str, ...] = ()
    """``dc:creator``: persons whose drawing or paint the picture is."""
    contributors: tuple[str, ...] = ()
    """``dc:contributor``: persons who took part otherwise (board, art direction)."""
    tool: str = ""
    """``xmp:CreatorTool``."""
    credit: str = ""
    """``photoshop:Credit``: ``AI``, ``AI (+ Human)`` …"""
    digital_source: str = ""
    """IPTC DigitalSourceType, a URI."""
    system: str = ""
    """IPTC AISystemUsed (2025.1)."""
    system_version: str = ""
    prompt: str = ""
    """IPTC AIPromptInformation (2025.1)."""
    comment: str = ""
    """``exif:UserComment``: the A1111 parameters, where a file has no text chunks."""
    passport: str = ""
    """``genzu:passport``: JSON."""

    def packet(self) -> str:
        """The whole packet, always the same for the same properties."""
        simple = {
            "xmp:CreatorTool": self.tool, "photoshop:Credit": self.credit,
            "Iptc4xmpExt:DigitalSourceType": self.digital_source, "Iptc4xmpExt:AISystemUsed": self.system,
            "Iptc4xmpExt:AISystemVersionUsed": self.system_version, "Iptc4xmpExt:AIPromptInformation": self.prompt,
            "genzu:passport": self.passport,
        }  # fmt: skip
        parts = [
            _array("dc:title", "Alt", [self.title] if self.title else [], ' xml:lang="x-default"'),
            _array("dc:creator", "Seq", self.creators),
            _array("dc:contributor", "Bag", self.contributors),
            _array("exif:UserComment", "Alt", [self.comment] if self.comment else [], ' xml:lang="x-default"'),
            *(f"<{name}>{_text(value)}</{name}>" for name, value in simple.items() if value),
        ]
        spaces = "".join(f' xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            f'<rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""{spaces}>'
            f"{''.join(parts)}</rdf:Description></rdf:RDF></x:xmpmeta>"
            '<?xpacket end="w"?>'
        )

    @classmethod
    def parse(cls, packet: str) -> Xmp:
        """Read a packet of any program; ``UnreadablePicture`` for one that is no XML, too long or has entities."""
        if len(packet) > LARGEST:
            raise UnreadablePicture(f"its XMP is longer than {LARGEST // 1_000_000} million letters")
        text = packet.strip("\ufeff\0 \r\n\t")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise UnreadablePicture("its XMP defines entities, which no program does")
        try:
            root = ElementTree.fromstring(text)
        except (ElementTree.ParseError, ValueError):
            raise UnreadablePicture("its XMP is damaged") from None
        values = _values(root)

        def one(name: str) -> str:
            return next(iter(values.get(name, ())), "")

        return cls(
            title=one("dc:title"), creators=values.get("dc:creator", ()), contributors=values.get("dc:contributor", ()),
            tool=one("xmp:CreatorTool"), credit=one("photoshop:Credit"),
            digital_source=one("Iptc4xmpExt:DigitalSourceType"), system=one("Iptc4xmpExt:AISystemUsed"),
            system_version=one("Iptc4xmpExt:AISystemVersionUsed"), prompt=one("Iptc4xmpExt:AIPromptInformation"),
            comment=one("exif:UserComment"), passport=one("genzu:passport"),
        )  # fmt: skip


def _text(value: str) -> str:
    return escape(_NOT_XML.sub(" ", value))


def _array(name: str, kind: str, values: list[str] | tuple[str, ...], attribute: str = "") -> str:
    if not values:
        return ""
    items = "".join(f"<rdf:li{attribute}>{_text(value)}</rdf:li>" for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def _values(root: ElementTree.Element) -> dict[str, tuple[str, ...]]:
    """Properties of the descriptions, written as attributes or as elements."""
    names = {f"{{{uri}}}{{}}": short for short, uri in _SPACES.items()}

    def short(tag: str) -> str | None:
        uri, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
        prefix = names.get(f"{{{uri}}}{{}}")
        return f"{prefix}:{local}" if prefix else None

    found: dict[str, tuple[str, ...]] = {}
    for description in root.iter(f"{{{_RDF}}}Description"):
        for tag, value in description.attrib.items():
            name = short(tag)
            if name:
                found.setdefault(name, (value,))
        for element in description:
            name = short(element.tag)
            if name:
                items = [item.text or "" for item in element.iter(f"{{{_RDF}}}li")]
                linked = element.get(f"{{{_RDF}}}resource")
                found.setdefault(name, tuple(items) or ((linked or element.text or "").strip(),))
    return found
