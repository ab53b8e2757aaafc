"""Japanese prompts for models that read English: by the lexicon, and by a table of things and moods beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from genzu.core.words.index import JAPANESE
from genzu.core.words.lexer import Token, tokens

JAPANESE_LETTER = re.compile(f"[{JAPANESE}]")
_MARKS = str.maketrans({"、": ", ", "。": ". ", "，": ", ", "・": ", ", "　": " ", "（": "(", "）": ")"})

_TABLE = """
屋根 roof|瓦屋根 tiled roof|瓦 roof tiles|木 tree|樹 tree|樹木 trees|木々 trees|並木 row of trees|松 pine
松の木 pine tree|杉 cedar|竹 bamboo|楓 maple|銀杏 ginkgo|いちょう ginkgo|大木 large tree|老木 old tree
茂み bushes|生垣 hedge|生け垣 hedge|幹 trunk|枝 branches|葉 leaves|葉っぱ leaves|草 grass|雑草 weeds|花 flowers
花々 flowers|苔 moss|蔦 ivy|蓮 lotus|切り株 stump|船 ship|舟 boat|漁船 fishing boat|小舟 small boat|ボート boat
ヨット sailboat|フェリー ferry|帆 sail|帆船 sailing ship|錨 anchor|網 net|灯台 lighthouse|防波堤 breakwater
堤 embankment|波 waves|砂 sand|水 water|水面 water surface|プール pool|泉 spring water|噴水 fountain|井戸 well
反射 reflection|映り込み reflection|温泉 hot spring|家 house|家々 houses|民家 house|家屋 house|建物 building
建築 architecture|ビル building|壁 wall|塀 wall|窓 window|窓辺 window|扉 door|ドア door|門 gate|柵 fence
フェンス fence|手すり railing|手摺 railing|煙突 chimney|ベランダ veranda|バルコニー balcony|テラス terrace
庇 eaves|軒 eaves|軒先 eaves|のれん shop curtain|暖簾 shop curtain|布 cloth|洗濯物 laundry|物干し washing line
看板 signboard|店 shop|お店 shop|商店 shop|喫茶店 cafe|カフェ cafe|食堂 restaurant|ベンチ bench|机 table
椅子 chair|傘 umbrella|パラソル parasol|テント tent|塔 tower|タワー tower|城 castle|お城 castle|教会 church
小屋 hut|納屋 barn|倉庫 warehouse|蔵 storehouse|工場 factory|アパート apartments|マンション apartments|旅館 inn
ホテル hotel|トンネル tunnel|クレーン crane|コンテナ container|機械 machine|アンテナ antenna|給水塔 water tower
風車 windmill|街灯 streetlight|外灯 streetlight|ランプ lamp|電灯 lamp|電球 light bulb|明かり lights|灯り lights
街の灯り city lights|街の灯 city lights|窓の明かり lit windows|窓明かり lit windows|自動販売機 vending machine
自販機 vending machine|焚き火 bonfire|ネオン neon|電柱 utility pole|電線 power lines|架線 wires|鉄塔 pylon
柱 pole|枕木 sleepers|レール rails|電車 train|列車 train|汽車 steam train|路面電車 tram|車 car|自動車 car
バス bus|トラック truck|自転車 bicycle|バイク motorcycle|岩 rocks|石 stones|石垣 stone wall|石畳 cobblestones
土 soil|泥 mud|地面 ground|砂利 gravel|アスファルト asphalt|タイル tiles|煉瓦 bricks|レンガ bricks|板 planks
空 sky|そら sky|雲 clouds|くも clouds|太陽 sun|お日様 sun|地平線 horizon|遠景 distance|近景 foreground
中景 middle ground|遠くの山 distant mountains|遠くの山々 distant mountains|遠山 distant mountains|島 island
石像 statue|像 statue|地蔵 jizo statue|お地蔵さん jizo statue|郵便ポスト post box|ポスト post box|小さな small
小さい small|大きな large|大きい large|高い tall|低い low|狭い narrow|広い wide|長い long|細い narrow|急な steep
遠い distant|遠く in the distance|手前 in the foreground|奥 in the background|左 left|右 right|中央 centre
坂の上 top of the slope|懐かしい nostalgic|なつかしい nostalgic|寂しい lonely|さびしい lonely|切ない wistful
悲しい sad|暖かい warm|温かい warm|涼しい cool|寒い cold|暑い hot|静か quiet|静かな quiet|静寂 silence
穏やか calm|穏やかな calm|のどか peaceful|のどかな peaceful|幻想的 dreamlike|幻想的な dreamlike
神秘的 mysterious|神秘的な mysterious|美しい beautiful|きれい beautiful|きれいな beautiful|綺麗 beautiful
綺麗な beautiful|古い old|古びた old|新しい new|レトロ retro|レトロな retro|暗い dark|明るい bright|鮮やか vivid
鮮やかな vivid|淡い pale|柔らかい soft|優しい gentle|にぎやか lively|にぎやかな lively|賑やか lively
賑やかな lively|ノスタルジック nostalgic|ノスタルジックな nostalgic|ファンタジー fantasy|和風 japanese style
洋風 european style|赤い red|青い blue|白い white|黒い black|緑の green|水彩 watercolour|油絵 oil painting
北海道 hokkaido|東京 tokyo|京都 kyoto|大阪 osaka|人気のない deserted|人けのない deserted|雰囲気 atmosphere
空気感 atmosphere|雪解け melting snow
"""
ENGLISH: Mapping[str, str] = {
    japanese: english
    for pair in _TABLE.replace("\n", "|").split("|")
    if pair
    for japanese, english in [pair.split(" ", 1)]
}
"""Japanese spelling → English phrase."""


def translated(text: str) -> tuple[str, list[str]]:
    """Japanese words to English by the lexicon; what it does not know stays as it is, and is named."""
    out: list[str] = []
    unknown: list[str] = []
    end, run_on = 0, False
    for token in tokens(text):
        between = text[end : token.start].translate(_MARKS)
        spelled = text[token.start : token.end]
        japanese = JAPANESE_LETTER.search(spelled) is not None
        word = _english(token, spelled)
        if word is None:
            unknown.append(spelled)
            word = spelled
        # Japanese words stand side by side, or with particles between; in English each is a phrase of its own.
        run_on = run_on and not between.strip()
        out += [", " if run_on and japanese and word else between, word]
        run_on = japanese if word else run_on
        end = token.end
    text = "".join((*out, text[end:].translate(_MARKS)))
    return re.sub(r"(\s*,)+\s*", ", ", text).strip(" ,"), unknown


def _english(token: Token, spelled: str) -> str | None:
    if not JAPANESE_LETTER.search(spelled):
        return spelled
    if spelled in ENGLISH:
        return ENGLISH[spelled]
    if token.kind == "ignored":
        return ""
    if token.entry is not None and token.entry.meanings:
        return ", ".join(str(meaning) for meaning in token.entry.said or token.entry.meanings)
    return None
