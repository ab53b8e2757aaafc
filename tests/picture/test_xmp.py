from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genzu.errors import UnreadablePicture
from genzu.picture import xmp
from genzu.picture.xmp import Xmp

TEXT = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), blacklist_characters="\ufffe\uffff"),
               min_size=1, max_size=20)  # fmt: skip


@given(
    st.builds(
        Xmp, title=TEXT, creators=st.lists(TEXT, max_size=3).map(tuple),
        contributors=st.lists(TEXT, max_size=3).map(tuple), tool=TEXT, credit=TEXT, digital_source=TEXT, system=TEXT,
        system_version=TEXT, prompt=TEXT, comment=TEXT, passport=TEXT,
    )
)  # fmt: skip
def test_a_packet_comes_back(words: Xmp) -> None:
    assert Xmp.parse(words.packet()) == words


def test_control_characters_make_no_broken_packet() -> None:
    packet = Xmp(title="a\0b\x1bc\ud800<&>", passport='{"a": "<x>"}').packet()
    ElementTree.fromstring(packet)
    packet.encode()
    assert Xmp.parse(packet).title == "a b c <&>" and Xmp.parse(packet).passport == '{"a": "<x>"}'


def test_properties_as_attributes() -> None:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
        ' i:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"/></rdf:RDF></x:xmpmeta>'
    )
    assert Xmp.parse("\ufeff" + packet + "\0\0").digital_source.endswith("/digitalCapture")


@pytest.mark.parametrize(
    "packet",
    [
        '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>', "<a>", "no xml", "<a>\x01</a>",
        '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    ],
)  # fmt: skip
def test_hostile_packets_are_one_sentence(packet: str) -> None:
    with pytest.raises(UnreadablePicture):
        Xmp.parse(packet)


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmp, "LARGEST", 100)
    with pytest.raises(UnreadablePicture, match="longer"):
        Xmp.parse(Xmp(title="x" * 100).packet())
