"""Words for places. Commas part the words; English and Japanese may stand in any order."""

from __future__ import annotations

from genzu.core.scene import Place

PLACES: dict[Place, str] = {
    Place.PORT_TOWN: """
        port town, harbour town, harbor town, port city, seaport, port, harbour, harbor, fishing port,
        fishing town, fishing village, fishing harbour, fishing harbor, seaside town, coastal town,
        seaside village, marina, dock, docks, dockside, wharf, quay, quayside, pier, waterfront,
        港町, 港街, 港まち, みなと町, みなとまち, 湊町, 港, 湊, みなと, 港湾, 漁港, 漁村, 漁師町, 波止場, 埠頭,
        桟橋, 船着き場, 船着場, 岸壁, 海辺の町, 海辺の街, 海沿いの町, 海沿いの街, 臨海の町
    """,
    Place.BEACH: """
        beach, seaside, seashore, shore, shoreline, sandy beach, sand beach, coast, coastline, strand, cove,
        砂浜, 浜辺, 浜, 海岸, 海辺, うみべ, 渚, なぎさ, 波打ち際, 波打際, ビーチ, 海水浴場, 入り江, 入江, 磯
    """,
    Place.SEA: """
        sea, ocean, open sea, high seas, seascape, bay, lagoon, at sea, offshore,
        海, うみ, 大海, 大海原, 海原, 海上, 海洋, 沖, 湾, 水平線, 大洋, 外海
    """,
    Place.STATION: """
        station, train station, railway station, rail station, railroad station, railway platform,
        train platform, station platform, platform, bus stop, tram stop, small station, country station,
        駅, えき, 駅舎, 駅前, 駅のホーム, プラットホーム, プラットフォーム, ホーム, 無人駅, 停車場, 電停,
        停留所, バス停
    """,
    Place.RAILWAY: """
        railway, railroad, railway line, train line, train track, railway track, rails, track, level crossing,
        railway crossing, rail crossing, train crossing, railway bridge,
        線路, 鉄道, 踏切, 踏み切り, ふみきり, 鉄路, 軌道, 鉄橋, 線路沿い
    """,
    Place.VILLAGE: """
        village, hamlet, mountain village, farming village, farm village, countryside, rural area, farm,
        country village, rural village,
        村, むら, 村里, 山村, 農村, 山里, 人里, 里, 集落, 田舎, いなか, 里山, 農家, 郷
    """,
    Place.TOWN: """
        town, small town, townscape, old town, country town, residential area, residential district,
        residential street, suburb, suburbs, suburban, neighbourhood, neighborhood, castle town,
        hot spring town, onsen town, post town,
        町, まち, 街, 町並み, 町並, 街並み, 街並, まちなみ, 住宅街, 住宅地, 団地, 下町, 市街地, 市街, 城下町,
        宿場町, 温泉街, 温泉町, 田舎町, 郊外, 街角, 町角, 町中, 街中, 門前町, 坂の町, 坂の街
    """,
    Place.CITY: """
        city, cityscape, big city, metropolis, megacity, downtown, skyscrapers, skyline, city skyline,
        city centre, city center, urban, office district, high-rise, high-rises, business district,
        都市, 都会, 大都会, 大都市, 都心, 繁華街, 高層ビル, 高層ビル群, ビル街, ビル群, 摩天楼, オフィス街,
        歓楽街, 未来都市
    """,
    Place.SHOPPING_STREET: """
        shopping street, shopping arcade, arcade, shotengai, market, market street, marketplace, bazaar,
        shopping district, shop street, street of shops, high street, night market,
        商店街, しょうてんがい, 市場, アーケード, アーケード街, 朝市, 仲見世
    """,
    Place.ALLEY: """
        back alley, alley, alleyway, back street, backstreet, side street, lane, laneway, narrow street,
        narrow lane, passage, passageway,
        路地, 路地裏, 裏路地, ろじ, 裏通り, 小路, 横丁, 横町, 細道, 裏道, 抜け道, 小道
    """,
    Place.ROAD: """
        road, street, avenue, highway, country road, roadside, path, pathway, footpath, trail, street corner,
        crossroads, crossroad, intersection, boulevard, mountain road, mountain path, forest path, forest road,
        coastal road, motorway, pavement, sidewalk, slope road, hill road,
        道, みち, 道路, 通り, 大通り, 街道, 並木道, 坂道, 坂, 山道, 峠道, 峠, 田舎道, 一本道, 交差点, 国道,
        歩道, 小径, 農道, 林道, 海岸通り, 通学路, 帰り道, 夜道, 道端, ストリート
    """,
    Place.ROOFTOP: """
        rooftop, roof top, school rooftop, school roof, roof terrace, building rooftop,
        屋上, おくじょう, 校舎の屋上, ビルの屋上, 学校の屋上
    """,
    Place.SHRINE: """
        shrine, shinto shrine, temple, torii, torii gate, pagoda, buddhist temple, shrine precincts,
        shrine gate, sanctuary,
        神社, じんじゃ, お寺, 寺, おてら, 鳥居, とりい, 社, 祠, ほこら, 境内, 参道, 寺院, 神宮, 拝殿, 稲荷,
        お宮, 五重塔, 本殿
    """,
    Place.STAIRS: """
        stairs, stair, staircase, stairway, steps, stone steps, stone stairs, stone stairway, flight of stairs,
        flight of steps, long stairs,
        階段, かいだん, 石段, 石階段, 坂の階段, 外階段
    """,
    Place.BRIDGE: """
        bridge, footbridge, stone bridge, wooden bridge, overpass, viaduct, suspension bridge, arch bridge,
        pedestrian bridge, under the bridge,
        橋, はし, 石橋, 木橋, 吊り橋, 吊橋, つり橋, 歩道橋, 陸橋, 太鼓橋, 橋の上, 橋の下, 高架, 高架下
    """,
    Place.RIVER: """
        river, riverside, riverbank, river bank, stream, brook, creek, canal, riverbed, embankment, levee,
        gorge, ravine, river valley,
        川, かわ, 河, 河川, 川辺, 川べり, 川岸, 川沿い, 河原, 川原, 土手, 河川敷, 小川, 渓流, 渓谷, 運河,
        せせらぎ, 堤防, 清流, 沢, 用水路, 水路
    """,
    Place.LAKE: """
        lake, lakeside, lakeshore, pond, reservoir, lake shore, marsh, swamp, wetland,
        湖, みずうみ, 湖畔, 湖岸, 池, 沼, 溜め池, ため池, 湖水, 水辺, 湿原, 湿地, 貯水池
    """,
    Place.WATERFALL: """
        waterfall, falls, cascade, cataract, waterfall basin,
        滝, たき, 瀑布, 大滝, 滝壺, 滝つぼ
    """,
    Place.RICE_FIELD: """
        rice field, rice paddy, paddy field, paddy, rice terrace, terraced rice field, rice farm, farmland,
        farm field, crop field, wheat field, cornfield, flooded rice field,
        田んぼ, 田圃, たんぼ, 水田, 田, 棚田, 稲田, 稲穂, 田園, 田園風景, 田畑, 畑, はたけ, 麦畑, あぜ道, 畦道,
        畦, 田舎の田んぼ
    """,
    Place.MEADOW: """
        meadow, grassland, grass field, field, prairie, pasture, plain, plains, grassy hill, hill, hilltop,
        hillside, flower field, field of flowers, steppe, savanna, moor, moorland, open field,
        草原, そうげん, 草むら, 草はら, 草っ原, 野原, のはら, 原っぱ, 牧場, 牧草地, 平原, 丘, おか, 丘の上,
        花畑, お花畑, 野, 高原, 空き地, ひまわり畑, すすき野原
    """,
    Place.FOREST: """
        forest, woods, woodland, grove, jungle, bamboo forest, bamboo grove, bamboo thicket, thicket,
        deep forest, cedar forest, pine forest, birch forest, beech forest, copse, rainforest, primeval forest,
        森, もり, 森林, 林, はやし, 雑木林, 竹林, 竹藪, 竹やぶ, 樹海, 原生林, 密林, ジャングル, 木立, 杉林,
        松林, 白樺林, 深い森, 深森
    """,
    Place.MOUNTAIN: """
        mountain, mountainside, mountain range, mountaintop, mountain top, mountain peak, peak, summit, alps,
        valley, mountain pass, highlands, volcano, ridge, mount fuji, mt fuji, mountainous,
        山, やま, 山脈, 山々, 山頂, 山中, 山腹, 山岳, 高山, 峰, 連峰, 山間, 谷, 谷間, 富士山, 火山, 尾根, 裏山,
        嵐山, 雪嶺, アルプス, 盆地
    """,
    Place.CLIFF: """
        cliff, cliffside, cliff top, clifftop, sea cliff, bluff, precipice, escarpment, cape, headland, crag,
        崖, がけ, 断崖, 絶壁, 断崖絶壁, 岬, 岩壁, 崖の上, 切り立った崖, 岩場
    """,
    Place.RUINS: """
        ruins, ruin, ruined building, ruined town, ruined city, abandoned building, abandoned town,
        abandoned city, abandoned village, abandoned factory, ruined castle, ruined temple, ancient ruins,
        wreckage, rubble field, post-apocalyptic, derelict building, ghost town, ruined,
        廃墟, はいきょ, 廃虚, 遺跡, 廃屋, 廃村, 廃ビル, 廃工場, 廃校, 廃線, 廃都, 瓦礫, がれき, 跡地, 城跡,
        古代遺跡, 焼け跡, 荒廃した街
    """,
    Place.PARK: """
        park, playground, city park, public park, plaza, town square, square, swing set,
        公園, こうえん, 遊び場, 広場, 児童公園, 遊園地, 緑地
    """,
    Place.GARDEN: """
        garden, japanese garden, backyard, courtyard, yard, flower garden, rose garden, front yard, orchard,
        flower bed, zen garden, botanical garden, greenhouse garden,
        庭, にわ, 庭園, 日本庭園, 中庭, 裏庭, 前庭, 花園, 庭先, 花壇, 果樹園, 縁側, 枯山水
    """,
    Place.SCHOOL: """
        school, schoolyard, high school, schoolhouse, school building, school gate, elementary school,
        middle school, primary school, university, campus, school grounds, college, classroom,
        学校, がっこう, 校舎, 校庭, 学園, 高校, 中学校, 小学校, 大学, 校門, グラウンド, 教室, 分校, 高等学校,
        木造校舎
    """,
}

# A place name may end in one of these (東京駅, 隅田川): the last letter is the place, the name itself is not read.
SUFFIXES = frozenset("駅町街村川山湖池橋港森林滝寺浜丘坂")
