"""Words that carry no condition: things that the drawing decides, small words, and words that nobody paints yet."""

from __future__ import annotations

# The layout shows them; the words are known, so they are not reported as unknown.
DRAWN = """
    roof, roofs, tiled roof, tree, pine, pine tree, cedar, maple, maple tree, bamboo, bush, hedge, shrub, trunk,
    branch, leaf, leaves, foliage, grass, flower, flowers, weeds, moss, ivy, reeds, lotus, root, stump, boat,
    ship, sailboat, ferry, sail, anchor, net, buoy, lighthouse, breakwater, wave, waves, surf, sand, water,
    pool, spring water, clear water, clear stream, clear river, reflection, hot spring, onsen, fountain, well,
    house, building, wall, walls, window, windows, door, doors, gate, fence, railing, handrail, chimney,
    balcony, veranda, porch, terrace, awning, curtain, cloth, laundry, washing line, clothesline, sign,
    signboard, shop, store, cafe, restaurant, bench, table, chair, umbrella, parasol, tent, tower, castle,
    church, hut, shed, barn, cottage, cabin, warehouse, factory, apartment, apartments, hotel, inn, tunnel,
    crane, container, machine, pipe, antenna, tank, water tower, windmill, greenhouse, lamp, streetlight,
    streetlamp, street light, street lamp, lamppost, lamp post, light bulb, lit window, lit windows, lights,
    vending machine, bonfire, utility pole, telephone pole, power pole, power line, power lines, wire, wires,
    cable, cables, pole, sleeper, sleepers, rail, train, tram, car, cars, bus, truck, bicycle, bike, motorcycle,
    cart, vehicle, wood, rock, rocks, stone, stones, boulder, rubble, soil, dirt, mud, ground, gravel,
    cobblestone, cobblestones, asphalt, tiles, bricks, planks, sky, cloud, clouds, sun, horizon,
    distant mountains, distant hills, island, statue, jizo, post box, mailbox, hydrant, people, person, man,
    woman, boy, girl, child, children, crowd, character, characters, figure, dog, cat, bird, birds, crow, crows,
    seagull, seagulls, gull, gulls, snow shovel, foreground, background hills, middle ground, distance,
    in the distance, in the foreground, left, right, centre, center, small, tiny, large, big, huge, tall,
    narrow, wide, long, short, high, low, steep, winding, distant, far, nearby, two, three, one, several, many,
    few,
    屋根, 瓦屋根, 瓦, 木, 樹, 樹木, 木々, 並木, 松, 松の木, 杉, 竹, 楓, 銀杏, いちょう, 大木, 老木, 茂み, 生垣,
    生け垣, 幹, 枝, 葉, 葉っぱ, 草, 雑草, 花, 花々, 苔, 蔦, 蓮, 切り株, 船, 舟, 漁船, 小舟, ボート, ヨット,
    フェリー, 帆, 帆船, 錨, 網, 灯台, 防波堤, 堤, 波, 砂, 水, 水面, プール, 湧き水, 泉, 噴水, 井戸, 反射,
    映り込み, 温泉, 家, 家々, 民家, 家屋, 建物, 建築, ビル, 壁, 塀, 窓, 窓辺, 扉, ドア, 門, 柵, フェンス,
    手すり, 手摺, 煙突, ベランダ, バルコニー, テラス, 庇, 軒, 軒先, のれん, 暖簾, 布, 洗濯物, 物干し, 看板, 店,
    お店, 商店, 喫茶店, カフェ, 食堂, ベンチ, 机, 椅子, 傘, パラソル, テント, 塔, タワー, 城, お城, 教会, 小屋,
    納屋, 倉庫, 蔵, 工場, アパート, マンション, 旅館, ホテル, トンネル, クレーン, コンテナ, 機械, アンテナ,
    給水塔, 風車, 街灯, 外灯, ランプ, 電灯, 電球, 明かり, 灯り, 街の灯り, 街の灯, 窓の明かり, 窓明かり,
    自動販売機, 自販機, 焚き火, ネオン, 電柱, 電線, 架線, 鉄塔, 柱, 枕木, レール, 電車, 列車, 汽車, 路面電車,
    車, 自動車, バス, トラック, 自転車, バイク, 岩, 石, 石垣, 石畳, 土, 泥, 地面, 砂利, アスファルト, タイル,
    煉瓦, レンガ, 板, 空, そら, 雲, くも, 太陽, お日様, 地平線, 遠景, 近景, 中景, 遠くの山, 遠くの山々, 遠山,
    島, 石像, 像, 地蔵, お地蔵さん, 郵便ポスト, ポスト, 人, 人々, 人物, 人影, 男, 女, 少年, 少女, 子供, 子ども,
    群衆, 人混み, キャラクター, 犬, 猫, 鳥, カラス, 烏, カモメ, かもめ, 小さな, 小さい, 大きな, 大きい, 高い,
    低い, 狭い, 広い, 長い, 細い, 急な, 遠い, 遠く, 手前, 奥, 左, 右, 中央, ふもと, 麓, 坂の上, 坂の下
"""

# Small words, and words that say only that a picture is wanted.
IGNORED = """
    early, late, mid,
    a, an, the, of, in, with, at, on, by, and, or, to, from, near, over, above, under, below, beneath, into,
    onto, through, along, across, around, beside, behind, before, between, among, against, toward, towards,
    within, inside, outside, during, as, for, its, it, is, are, be, there, this, that, these, those, where,
    which, while, when, seen, has, have, some, any, also, next, up, down, after, off, but, view, view of,
    a view of, scene, scene of, scenery, landscape, background, anime background, anime, anime style,
    background art, anime art, background painting, anime scenery, art background, picture, picture of, image,
    image of, painting of, illustration of, shot, shot of, place, season, time, time of day, weather, location,
    setting, sky with, please, bg,
    の, で, に, と, は, が, を, へ, や, も, な, から, まで, より, にある, のある, がある, の見える, が見える,
    を望む, から見た, からの, から見える, を見下ろす, に立つ, にたたずむ, に佇む, した, している, する, になる,
    での, にて, における, その, この, あの, とある, 或る, ある, いる, 見える, 見た, 広がる, 続く, 並ぶ, 流れる,
    そして, または, である, です, の中, の上, の下, の前, の横, の隣, のそば, の奥, の向こう, の中の, の上の,
    の下の, の前の, の側, 沿い, 沿いの, 辺り, 付近, 背景, 風景, 景色, 情景, 場面, シーン, アニメ, アニメ背景,
    アニメ風, 背景画, 背景美術, 美術, 絵, 風景画, 眺め, 場所, 季節, 時間, 時刻, 時間帯, 天気, 天候, 様子, 頃,
    ころ, ごろ, 時, とき, 日, の日, 中, 感じ
"""

# Known as words, but no engine of ours paints them: they are reported in one piece, and hide no shorter word
# (なつかしい is not 夏, かわいい is not 川, 切ない is not a negation).
UNPAINTED = """
    warm, cold, cool, hot, lonely, nostalgic, melancholic, melancholy, sad, happy, cheerful, peaceful, quiet,
    calm, serene, mysterious, magical, dreamy, dreamlike, romantic, gloomy, dark, bright, vivid, pale, soft,
    beautiful, pretty, cute, cozy, cosy, epic, dramatic, fantastic, surreal, old, ancient, new, modern, retro,
    abandoned, deserted, empty, japanese, european, wooden, watercolor, watercolour, oil painting, style of,
    in the style of, masterpiece, best quality, highly detailed, detailed, cinematic, bokeh, wide angle,
    懐かしい, なつかしい, 寂しい, さびしい, さみしい, 淋しい, 寂しげな, 寂しげ, 切ない, せつない, 悲しい,
    かなしい, 嬉しい, 楽しい, 暖かい, 温かい, あたたかい, 涼しい, すずしい, 寒い, さむい, 暑い, あつい, 静か,
    しずか, 静かな, しずかな, 静寂, 穏やか, 穏やかな, のどか, のどかな, のんびり, のんびりした, 幻想的,
    幻想的な, 神秘的, 神秘的な, 美しい, うつくしい, きれい, きれいな, 綺麗, 綺麗な, かわいい, 可愛い, 古い,
    ふるい, 古びた, 新しい, あたらしい, レトロ, レトロな, 暗い, くらい, 明るい, あかるい, 鮮やか, 鮮やかな,
    淡い, あわい, 柔らかい, 優しい, やさしい, 少ない, すくない, 儚い, はかない, 危ない, あぶない, つまらない,
    さりげない, 何気ない, 人気のない, 人けのない, 雰囲気, にぎやか, にぎやかな, 賑やか, 賑やかな,
    ノスタルジック, ノスタルジックな, ファンタジー, 和風, 洋風, 赤い, 青い, 白い, 黒い, 緑の, 水彩, 油絵,
    雪解け, 月曜日, 日曜日, 北海道, 東京, 京都, 大阪, 秋葉原, 春日部, 秋田, 秋刀魚, 空気, 空気感, 海外, 朝食,
    夏目, 山手線, 花火師
"""
