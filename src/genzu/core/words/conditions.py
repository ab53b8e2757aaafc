"""Words for seasons, times, weathers and extras, and words that say several of these at once."""

from __future__ import annotations

from typing import TypeAlias

from genzu.core.scene import Extra, Place, Season, Side, Time, Weather

Condition: TypeAlias = Place | Season | Time | Weather | Side | Extra

SEASONS: dict[Season, str] = {
    Season.SPRING: """
        spring, springtime, vernal, early spring, late spring, mid spring, march, april, may, spring day,
        春, はる, 早春, 初春, 晩春, 春先, 春めく, 陽春, 仲春, 春の日, 春らしい, 3月, 4月, 5月, 三月, 四月, 五月,
        弥生, 卯月, 皐月
    """,
    Season.SUMMER: """
        summer, summertime, summery, early summer, late summer, mid summer, midsummer, high summer, june, july,
        august, summer holiday, summer vacation, summer day,
        夏, なつ, 初夏, 真夏, 盛夏, 晩夏, 夏休み, 夏場, 夏の日, 夏らしい, 夏の終わり, 夏の盛り, 6月, 7月, 8月,
        六月, 七月, 八月, 水無月, 文月, 葉月
    """,
    Season.AUTUMN: """
        autumn, fall, autumnal, autumn time, fall season, early autumn, late autumn, mid autumn, early fall,
        late fall, mid fall, september, october, november, autumn leaves, autumn leaf, autumn foliage,
        fall foliage, fall leaves, autumn colours, autumn colors, autumn colour, autumn color, fall colors,
        fall colours, red leaves, red maple, red maples, red maple leaves, autumn maples, autumn trees,
        autumn day,
        秋, あき, 初秋, 晩秋, 仲秋, 中秋, 秋めく, 秋の日, 秋らしい, 秋色, 紅葉, こうよう, もみじ, 黄葉,
        銀杏並木, いちょう並木, 秋の紅葉, 錦秋, 9月, 10月, 11月, 九月, 十月, 十一月, 長月, 神無月, 霜月
    """,
    Season.WINTER: """
        winter, wintertime, wintry, winter time, early winter, late winter, mid winter, midwinter, deep winter,
        december, january, february, christmas, new year, winter day,
        冬, ふゆ, 初冬, 真冬, 晩冬, 厳冬, 冬場, 冬枯れ, 冬の日, 冬らしい, 冬景色, 冬休み, クリスマス, 正月,
        お正月, 12月, 1月, 2月, 十二月, 一月, 二月, 師走, 睦月, 如月
    """,
}

TIMES: dict[Time, str] = {
    Time.DAWN: """
        dawn, daybreak, sunrise, first light, break of day, break of dawn, crack of dawn, sunup, before sunrise,
        rising sun, morning twilight, morning glow,
        夜明け, 夜明, よあけ, 明け方, あけがた, 暁, あかつき, 曙, あけぼの, 黎明, 払暁, 朝焼け, あさやけ,
        日の出, 日の出前, 夜明け前, 未明, 東雲, 朝まだき
    """,
    Time.MORNING: """
        morning, early morning, mid morning, late morning, forenoon, morning light, morning sun,
        morning sunlight,
        朝, あさ, 午前, 早朝, 朝方, 今朝, 朝日, あさひ, 朝の光, 朝の日差し, 午前中, 朝っぱら
    """,
    Time.NOON: """
        noon, midday, mid day, daytime, noontime, noonday, high noon, broad daylight, daylight, lunchtime,
        昼, ひる, 真昼, 正午, 昼間, お昼, 日中, 白昼, 昼時, 真っ昼間, 真昼間, 昼どき
    """,
    Time.AFTERNOON: """
        afternoon, early afternoon, late afternoon, mid afternoon, afternoon light, after school, teatime,
        afternoon sun,
        午後, ごご, 昼下がり, 昼過ぎ, 放課後, 昼すぎ, 午後の光, 西日
    """,
    Time.DUSK: """
        dusk, evening, twilight, evening twilight, golden hour, blue hour, nightfall, gloaming, eventide,
        sundown, early evening, late evening, after sunset, evening light, magic hour, eve, crepuscule,
        夕方, ゆうがた, 夕暮れ, 夕暮, 夕ぐれ, ゆうぐれ, 黄昏, たそがれ, 黄昏時, たそがれ時, 夕, 夕刻, 夕べ,
        夕闇, 夕時, 薄暮, 逢魔が時, 逢魔時, 日暮れ, 日暮, 日没後, 宵, 暮れ, 暮れ方, 暮れなずむ, 夕映え, 夕凪,
        夕空, マジックアワー
    """,
    Time.NIGHT: """
        night, nighttime, night time, midnight, nocturnal, tonight, late night, late at night, deep night,
        dead of night, at night, by night, after dark, night view, night scene, night sky,
        夜, よる, 深夜, 真夜中, 夜中, 夜更け, 夜ふけ, 晩, 夜間, 夜景, 夜空, 今夜, 今宵, 夜半, 夜分, 闇夜,
        夜の空
    """,
}

WEATHERS: dict[Weather, str] = {
    Weather.CLEAR: """
        clear, clear sky, clear skies, clear weather, clear day, cloudless, cloudless sky, blue sky, blue skies,
        bright blue sky, unclouded,
        快晴, かいせい, 青空, あおぞら, 日本晴れ, 雲一つない空, 雲ひとつない空, 雲一つない, 雲ひとつない,
        晴れ渡る空, 晴れ渡った空, 晴れ渡る, 澄んだ空, 澄み渡る空, 碧空, 雲のない空, 雲ない空
    """,
    Weather.FAIR: """
        fair, fair weather, sunny, sunny day, sunshine, sunlit, fine weather, fine day, good weather,
        partly cloudy, scattered clouds, light clouds, partly sunny, sunlight,
        晴れ, 晴, はれ, 晴れた, 晴れの日, 晴天, 好天, 上天気, 晴れ間, 晴れ時々曇り, 日差し, 陽射し, 日射し,
        陽光, 良い天気, いい天気, 日向, 晴れた空
    """,
    Weather.OVERCAST: """
        overcast, cloudy, cloudy sky, overcast sky, gray sky, grey sky, grey skies, gray skies, clouded,
        gray clouds, grey clouds, leaden sky, heavy clouds, dark clouds, mostly cloudy, gloomy sky, dull sky,
        thick clouds,
        曇り, 曇, くもり, 曇天, どんてん, 曇り空, くもり空, 曇った, 曇った空, 薄曇り, 灰色の空, 鉛色の空,
        花曇り, どんより, どんよりした空, 暗雲, 雨雲
    """,
    Weather.RAIN: """
        rain, rainy, raining, rainfall, drizzle, drizzling, drizzly, shower, rain shower, downpour,
        pouring rain, light rain, heavy rain, rain falls, rain falling, falling rain, in the rain, rainy day,
        sprinkle, soft rain,
        雨, あめ, 小雨, 大雨, 豪雨, 霧雨, 雨天, 雨降り, 雨模様, 五月雨, にわか雨, 俄雨, 通り雨, 時雨, 本降り,
        どしゃぶり, 土砂降り, 雨が降る, 雨の降る, 雨降る, 雨の日, 長雨, 秋雨, 氷雨, 雨中
    """,
    Weather.FOG: """
        fog, foggy, mist, misty, haze, hazy, foggy weather, thick fog, dense fog, sea fog, light mist,
        霧, きり, 霞, かすみ, もや, 靄, 濃霧, 霧深い, 霧がかった, 霧のかかった, 霧の立ち込める, 霧が立ち込める,
        夜霧, 霞がかった, もやのかかった, 海霧, 川霧
    """,
    Weather.SNOW: """
        snow, snowy, snowing, snowfall, snow falls, snow falling, falling snow, snowflake, snowflakes,
        snowstorm, blizzard, light snow, heavy snow, first snow, fresh snow, snow shower, snowy day,
        snow flurries, flurries, powder snow,
        雪, ゆき, 降雪, 粉雪, 小雪, 大雪, 初雪, ぼたん雪, 牡丹雪, 吹雪, 猛吹雪, 雪が降る, 雪の降る, 雪降る,
        雪降り, 雪模様, 雪の日, 降る雪, 降りしきる雪, 雪空, みぞれ, 細雪, 舞う雪
    """,
    Weather.STORM: """
        storm, stormy, thunderstorm, thunder, lightning, typhoon, tempest, gale, hurricane, rainstorm, squall,
        storm clouds, thundercloud, thunderclouds, stormy weather, cyclone,
        嵐, あらし, 台風, 暴風雨, 暴風, 雷雨, 雷, かみなり, 荒天, 時化, しけ, 稲妻, 春の嵐, 雷雲, 大荒れ,
        悪天候
    """,
    Weather.AFTER_RAIN: """
        after rain, after the rain, after a rain, after rainfall, after a shower, after the storm,
        after a storm, rain has stopped, rain stopped, rain-washed, just after rain, wet streets, puddles,
        puddle,
        雨上がり, 雨上り, 雨あがり, あめあがり, 雨後, 雨の後, 雨のあと, 雨が上がった, 雨がやんだ, 雨が止んだ,
        雨の止んだ, 雨のやんだ, 水たまり, 水溜まり, 水溜り
    """,
}

SIDES: dict[Side, str] = {
    Side.LEFT: """
        light from the left, light from left, lit from the left, lit from left, sun from the left,
        sunlight from the left, sun on the left, moonlight from the left, key light left, light left, left light,
        left side light,
        左から光, 左からの光, 左から光が差す, 左からの日差し, 左から日が差す, 左から日差し,
        左光源, 光源左, 光源は左, 光は左から, 左手からの光, 左側からの光
    """,
    Side.RIGHT: """
        light from the right, light from right, lit from the right, lit from right, sun from the right,
        sunlight from the right, sun on the right, moonlight from the right, key light right, light right, right light,
        right side light,
        右から光, 右からの光, 右から光が差す, 右からの日差し, 右から日が差す, 右から日差し,
        右光源, 光源右, 光源は右, 光は右から, 右手からの光, 右側からの光
    """,
}

EXTRAS: dict[Extra, str] = {
    Extra.MOON: """
        moon, full moon, crescent, crescent moon, half moon, moonlight, moonlit, moonrise, harvest moon,
        月, 満月, 三日月, 半月, お月様, 月明かり, 月明り, 月光, 月影, 名月, おぼろ月, 朧月
    """,
    Extra.LANTERNS: """
        lantern, lanterns, paper lantern, stone lantern, lantern light, festival, matsuri, festival stalls,
        street festival, lantern festival,
        提灯, ちょうちん, 灯籠, 灯篭, 行灯, 石灯籠, 祭り, 祭, まつり, お祭り, 縁日, 屋台, 夜店, 赤提灯
    """,
    Extra.FALLEN_LEAVES: """
        fallen leaves, falling leaves, fallen leaf, dead leaves, dry leaves, leaves falling, leaf litter,
        leaves fall, carpet of leaves,
        落ち葉, 落葉, おちば, 枯れ葉, 枯葉, かれは, 散り紅葉, 舞い散る葉
    """,
    Extra.LYING_SNOW: """
        lying snow, snow covered, snow-covered, snowbound, covered in snow, covered with snow,
        snow on the ground, snow on the roofs, snow on roofs, snowscape, snow capped, snowclad, blanket of snow,
        snow cover, deep snow,
        積雪, 雪景色, 銀世界, 雪化粧, 雪の積もった, 雪が積もった, 雪の積もる, 雪に覆われた, 雪をかぶった,
        積もった雪, 残雪, 雪原, 一面の雪, 根雪, 雪道
    """,
    Extra.RAINBOW: "rainbow, double rainbow, 虹, にじ, 七色の虹",
}

COMPOUNDS: tuple[tuple[tuple[Condition, ...], tuple[Condition, ...], str], ...] = (
    # What the word says; what it implies and gives up when another word says otherwise; the words.
    ((), (Time.NOON,), "day"),
    ((Extra.FIREWORKS,), (Time.NIGHT,), """
        fireworks, firework, fireworks display, fireworks festival, firework festival, firework display,
        花火, はなび, 打ち上げ花火, 打上花火, 花火大会, 大花火
    """),
    ((Extra.FIREWORKS,), (Time.NIGHT, Season.SUMMER), "summer fireworks, 夏の花火"),
    ((Extra.STARS,), (Time.NIGHT,), """
        stars, star, starry, starry sky, starlit, starlight, milky way, starry night sky, shooting star,
        星, ほし, 星空, ほしぞら, 満天の星, 満天の星空, 天の川, 星明かり, 星々, 流れ星, 流星
    """),
    ((Extra.STARS, Time.NIGHT), (), "starry night, starlit night, 星夜, 星月夜, 星の夜"),
    ((Extra.MOON, Time.NIGHT), (), "moonlit night, moonlight night, moon night, 月夜, 月の夜, 満月の夜"),
    ((Extra.SUNSET, Time.DUSK), (), """
        sunset, sunset sky, setting sun, sunset glow, evening glow, afterglow, red sky, evening sun,
        sunset light,
        夕焼け, 夕焼, ゆうやけ, 夕焼け空, 夕日, 夕陽, ゆうひ, 日没, 日の入り, 落日, 残照, 茜空, あかね空,
        茜色の空, 夕焼け小焼け, 入り日
    """),
    ((Extra.BLOSSOM,), (Season.SPRING,), """
        cherry blossom, cherry blossoms, sakura, cherry tree, cherry trees, cherry petals, blossom, blossoms,
        blossoming, in bloom, full bloom, plum blossom, plum blossoms, peach blossom, blooming cherry trees,
        falling petals,
        桜, さくら, 満開の桜, 桜並木, 桜吹雪, 花吹雪, 葉桜, 梅の花, 梅, 桃の花, 桜の花, 桜の木, 桜の花びら,
        満開, しだれ桜, 枝垂れ桜, 花見, お花見
    """),
    ((Extra.BLOSSOM, Time.NIGHT), (Season.SPRING,), "夜桜, cherry blossoms at night"),
    ((Extra.LYING_SNOW,), (Season.WINTER, Place.VILLAGE), """
        snow country, snowy country, snow village, snowy village,
        雪国, 雪村, 雪の村
    """),
    ((Place.MOUNTAIN, Extra.LYING_SNOW), (), "snowy mountain, snow mountain, 雪山, 雪の山"),
    ((Season.SUMMER, Extra.LANTERNS), (), "summer festival, 夏祭り, 夏まつり, bon festival, お盆, 盆踊り"),
    ((Season.AUTUMN, Extra.LANTERNS), (), "autumn festival, 秋祭り, 秋まつり"),
    ((Season.AUTUMN, Weather.CLEAR), (), "秋晴れ, あきばれ, clear autumn day"),
    ((Weather.CLEAR,), (Season.SPRING,), "五月晴れ"),
    ((Weather.FAIR,), (Season.SPRING,), "春うらら, うららか"),
    ((Weather.FAIR,), (Season.WINTER,), "小春日和, 冬晴れ"),
    ((Weather.RAIN,), (Season.SUMMER,), "rainy season, 梅雨, つゆ, 夕立, ゆうだち, 梅雨時"),
    ((Weather.AFTER_RAIN,), (Season.SUMMER,), "梅雨明け"),
    ((Weather.FOG,), (Time.MORNING,), "朝霧, 朝もや, 朝靄, morning mist, morning fog, morning haze"),
    ((Weather.FOG,), (Season.SPRING,), "春霞"),
    ((Weather.RAIN, Time.NIGHT), (), "夜の雨, 雨の夜, 雨夜, rainy night"),
    ((), (Season.SUMMER,), """
        thunderhead, cumulonimbus, towering cloud, towering clouds, cicadas, sunflower, sunflowers,
        入道雲, 積乱雲, 蝉, せみ, 蝉時雨, ひまわり, 向日葵
    """),
    ((), (Season.SPRING,), "菜の花, 若葉, 新緑, fresh green, fresh greenery, rapeseed blossoms"),
    ((), (Season.AUTUMN,), "すすき, ススキ, pampas grass, 彼岸花, 黄金色の稲穂, 稲刈り, harvest"),
    ((), (Season.WINTER,), "つらら, 氷柱, icicle, icicles, 霜, frost, frosty, 樹氷, icy, 雪だるま, snowman"),
    ((), (Weather.FAIR,), "木漏れ日, 木洩れ日, komorebi, dappled light, dappled sunlight"),
)  # fmt: skip
