"""What columns, values and files of the domain are called, in the languages that were met: assumed, from
files and public schemas.

Names of columns are compared in lower case, without blanks, signs and brackets (`recognition.normalised`),
the likeliest first.
"""

from __future__ import annotations

#: Column of a table → names that files give it.
_COLUMNS = {
    "building_id": (
        "buildingid 楼栋编号 楼栋编码 建筑编号 建筑编码 幢号编码 房屋编号 bldid bldgid houseid ldbh uid"
        " cleabs identificatie localid gmlid ufid bin bdmgtsn 건물번호 건물관리번호 建物id osm osmid"
    ),
    "barrier_id": "barrierid roadid segmentid linearid 道路编号 道路编码 osm osmid",
    "land_id": (
        "landid parcelid plotid lotid 地块编号 宗地编号 宗地代码 宗地号 dkbh zddm pnu"
        " nationalcadastralreference localid osm osmid"
    ),
    "compound_id": "compoundid 小区编号 小区编码 osm osmid",
    "area_id": (
        "areaid 区域编号 管理区域编号 物业区域编号 区域编码 项目编号 小区编号 小区编码 备案编号 项目编码"
        " 物业项目编号 단지코드 kaptcode"
    ),
    "entry_id": "entryid 条目编号 序号",
    "contract_id": "contractid 合同编号 合同号 备案号 contractno 계약번호",
    "subdistrict_code": (
        "subdistrictcode streetcode 街道代码 街道编码 街道 办事处 jiedao subdistrict xzjddm xzqdm admcd"
        " wardno wardcode "
        "wardid districtid districtcode geoid adcode"
    ),
    "community_code": "communitycode 社区代码 社区编码 社区 居委会 shequ community sqdm",
    "name": (
        "name 名称 小区名称 楼盘名称 小区名 楼栋名称 楼栋名 建筑物名称 建筑名称 道路名称 路名 项目名称"
        " mingcheng mc 小区 xqmc jzmc xzqmc title 楼栋 楼号 项目 街道名称 社区名称 社区名 namelsad"
        " nameprimary fullname wardname districtname admnm bldnm buildingname nam buldnm 건물명 단지명 이름"
        " 建物名 название наименование tên nama nombre nome nom district label roadname name1"
    ),
    "use": (
        "use 用途 使用性质 房屋用途 建筑用途 规划用途 yongtu yt fwyt buildinguse currentuse building usage"
        " usage1 bezgfk gebruiksdoel usability 용도 주용도 назначение landusedesc uso bldgclass"
    ),
    "floors": (
        "floors floor 地上层数 地上楼层 层数 总层数 楼层数 楼层 buildinglevels numfloors"
        " numberoffloorsabovegrou numberoffloorsaboveground nbetages grndflr maxfloorlvl aog 지상층수 층수"
        " 地上階数 階数 этажность этажей этажи etajnost levels storeys stories nfloors numstories grofloco"
        " bouwlagen plantas pisos etages gastw lantai sốtầng piani layer layers cengshu dscs cs fwcs zcs"
    ),
    "floor_area_m2": (
        "floorarea flooraream2 建筑面积 总建筑面积 建面 jzmj zjzmj mianji grossarea grossfloorarea gfa"
        " totarea bldgarea 연면적 延床面積 площадь общаяплощадь oppervlakte superficie"
    ),
    "households": (
        "households nhouseholds 户数 总户数 居民户数 hushu hs zhs flats numberofdwellings dwellings nblogts"
        " totaldwellingunits units resunits unitsres 세대수 호수 戸数 квартир количествоквартир"
        " aantalverblijfsobjecten viviendas"
    ),
    "year": (
        "year 建成年份 建成年代 建造年代 竣工年份 建筑年代 年代 建成时间 竣工时间 built buildyear yearbuilt"
        " yrbuilt nd jznd jcnd startdate cnstrctyr constructionyear yearcompleted bouwjaar baujahr dateapp"
        " useaprday 사용승인일 준공년도 建築年 годпостройки gbauj tahun annocostruzione beginning age"
    ),
    "owner_unit": "ownerunit 原产权单位 产权单位 原房屋产权单位 cqdw owner",
    "address": (
        "address 地址 坐落 门牌 门牌地址 详细地址 小区地址 dizhi dz zl addr addrfull 주소 도로명주소 住所"
        " 所在地 адрес adresse địachỉ "
        "alamat direccion "
        "endereco dirección indirizzo addrstreet street"
    ),
    "road": "road addrstreet street streetname strasse улица 도로명 路名 所在道路",
    "door_number": (
        "doornumber addrhousenumber housenumber houseno houseno hausnummer hnr номердома номер дом buldmnnm"
        " blkno 门牌号 건물번호 番地"
    ),
    "class": (
        "class fclass highway 道路等级 道路类型 等级 类型 类别 roadclass roadtype dldj rteg type mtfcc"
        " waterway railway functionalclass 도로구분 道路種別 категория класс"
    ),
    "width_m": "width widthm 宽度 路宽 红线宽度 kd kuandu 도로폭 幅員 ширина",
    "tunnel": "tunnel istunnel 隧道",
    "covered": "covered",
    "bridge": "bridge isbridge 桥梁",
    "layer": "layer zlevel",
    "kind": (
        "kind landuse 用地性质 用地类型 地类 地类名称 dlmc ydxz 用地 fclass 类型 合同类型 type class subtype"
        " landusedesc zone zoning zoningdesc natural leisure 용도지역 지목 土地利用 назначение"
    ),
    "manager": (
        "manager 物业公司 物业服务企业 物业企业 物业管理单位 服务单位 物业服务单位 物业单位 管理单位"
        " pmcompany wygs wuye 物业 乙方 "
        "관리업체 "
        "управляющаякомпания administrador"
    ),
    "manager_kind": "managerkind 单位性质 企业性质 管理单位性质",
    "owners_committee": "ownerscommittee 业主委员会 业委会 有无业委会",
    "mode": "mode 服务模式 管理模式 物业模式 管理方式",
    "n_buildings": "nbuildings 栋数 楼栋数 楼幢数 总栋数 幢数 dongshu ds count buildings edificios 동수",
    "fee_yuan_m2_month": "fee pmfee feeyuanm2month 物业费 收费标准 物业服务费 wyf",
    "service_room": "serviceroom 物业用房 服务用房",
    "maintenance_fund": "maintenancefund 维修资金 维修基金 专项维修资金",
    "facilities_complete": "facilitiescomplete 设施齐全 配套设施",
    "privatised_share": "privatisedshare 房改比例 产权私有比例 私有率",
    "building_ids": "buildingids 楼栋编号 楼栋编码 建筑编号",
    "decided_by": "decidedby 决定人 决定单位",
    "decided_on": "decidedon 决定日期",
    "note": "note 备注 说明",
    "signed_on": "signedon 签订日期 签约日期 签订时间",
    "starts_on": "startson 开始日期 起始日期 合同起始 生效日期",
    "ends_on": "endson 结束日期 到期日期 终止日期 合同终止",
    "quarter": "quarter 季度 考核季度 考核期",
    "repair": "repair 维修 维修得分 房屋维修",
    "order": "order 秩序 秩序维护 公共秩序",
    "cleaning": "cleaning 保洁 卫生 清洁卫生 环境卫生",
    "greening": "greening 绿化 绿化养护",
    "records": "records 档案 档案投诉 档案资料",
    "origin": "origin",
    "retired": "retired",
    "released_on": "releasedon 发布日期",
}
COLUMNS: dict[str, tuple[str, ...]] = {column: tuple(words.split()) for column, words in _COLUMNS.items()}
#: Names that mean an id, or a code, in whatever table.
IDS = (
    "id",
    "identifier",
    "código",
    "codigo",
    "编号",
    "编码",
    "代码",
    "code",
    "bh",
    "bm",
    "bsm",
    "唯一编码",
    "uuid",
    "guid",
    "globalid",
    "번호",
    "番号",
    "номер",
    "код",
)
#: What names of other ids end with: uID, plotID, LDBH, 房屋编码.
ID_ENDINGS = r"(?:id|uuid|guid|bh|bm|编号|编码|代码|번호|코드|番号|номер|код)$"
#: Numbers that a program counts rows with, and counts anew in the next export: an id only where there is no
#: other.
COUNTERS = r"(?:objectid\d*|gid|ogcfid|fid\d*|rowid|index|rownumber|unnamed\d*|序号|no)"
#: What measures the shape itself, and is no floor area and no id.
MEASURES = (
    r"(?:shape(?:st)?(?:area|len\w*)|area(?:in\w+|value|sqm|m2|ha)?|length|perimeter|周长|面积|mj|contenance)"
)

#: Names of coordinates: what stands for x and for y, and what beside it says of the datum.
AXES: tuple[tuple[str, str], ...] = (
    ("longitude", "latitude"),
    ("lon", "lat"),
    ("lng", "lat"),
    ("long", "lat"),
    ("经度", "纬度"),
    ("경도", "위도"),
    ("経度", "緯度"),
    ("долгота", "широта"),
    ("jingdu", "weidu"),
    ("jd", "wd"),
    ("easting", "northing"),
    ("x坐标", "y坐标"),
    ("xcoord", "ycoord"),
    ("pointx", "pointy"),
    ("x", "y"),
)
DATUMS: dict[str, tuple[str, ...]] = {
    "wgs84": ("wgs84", "wgs", "gps", "84"),
    "": ("", "center", "centroid"),
    "cgcs2000": ("cgcs2000", "2000"),
    "gcj02": ("gcj02", "gcj", "amap", "gaode", "高德", "mars", "火星"),
    "bd09": ("bd09", "bd09ll", "bd", "baidu", "百度"),
}
#: One column that holds both: "121.6,38.9".
BOTH_IN_ONE = r"^\s*-?\d{1,3}\.\d+\s*[,;， ]\s*-?\d{1,3}\.\d+\s*$"
#: What text of a shape looks like: a column of it is a shape that a CSV can't hold here.
SHAPE_AS_TEXT = r"(?i)^\s*(?:srid=\d+;)?(?:multi)?(?:polygon|linestring|point)\s*z?m?\s*\("

#: Words in the names of files and layers that speak for a table.
FILE_WORDS: dict[str, tuple[str, ...]] = {
    "buildings": (
        "building", "bldg", "楼栋", "建筑", "房屋", "footprint", "houses", "loudong", "fangwu", "gebaeude",
        "gebäude", "batiment", "pand",
        "edific", "здани", "건물", "建物", "jzw",
    ),
    "barriers": (
        "road", "道路", "路网", "railway", "铁路", "waterway", "水系", "street", "daolu", "highway",
        "strasse", "дорог", "도로", "lrrl",
        "walls",
    ),
    "land": (
        "landuse", "land_use", "land.", "用地", "地块", "parcel", "绿地", "zoning", "dltb", "parks",
        "water_a", "cadas", "plots",
        "宗地", "地籍",
        "지적",
    ),
    "compounds": ("compound", "院落", "商品房小区", "小区面", "小区边界"),
    "subdistricts": ("subdistrict", "街道", "办事处", "jiedao", "districts", "wards", "乡镇", "行政区划",
        "boroughs", "arrondissement"),
    "communities": ("communit", "社区", "居委"),
    "register": ("register", "台账", "登记", "名册", "estate", "小区", "物业区域", "物业项目"),
    "entries": ("entries", "条目", "明细"),
    "boundaries": ("boundar", "边界", "红线"),
    "decisions": ("decision", "决定"),
    "contracts": ("contract", "合同"),
    "assessments": ("assess", "考核", "评分"),
}  # fmt: skip
#: Tables without shapes are told by such columns: one of them at least has to be there.
TELLING_COLUMNS: dict[str, tuple[str, ...]] = {
    "register": (
        "manager", "manager_kind", "mode", "n_buildings", "households", "floor_area_m2", "fee_yuan_m2_month",
        "owners_committee",
        "owner_unit", "service_room", "maintenance_fund", "address", "name",
    ),
    "entries": ("building_ids", "address"),
    "contracts": ("contract_id", "signed_on", "starts_on", "ends_on"),
    "assessments": ("quarter", "repair", "order", "cleaning", "greening", "records"),
    "decisions": ("building_id", "decided_by", "decided_on"),
}  # fmt: skip
#: Columns that only a register of estates has; names and addresses are in every list of places.
ESTATE_COLUMNS = (
    "area_id",
    "manager",
    "manager_kind",
    "mode",
    "n_buildings",
    "households",
    "fee_yuan_m2_month",
    "owners_committee",
)
#: Words in names of files and columns that speak for plots of land, and for cells computed around buildings.
PLOTS = (
    r"parcel|\bcp\b|nationalca|plot|cadas|\blot|宗地|地籍|权利人|지적|지번|jibun|\bpnu\b|contenance|"
    r"\bapn\b|flurst|numero|zddm|участ|筆"
)
CELLS = r"tess|(?<!par)cell|voronoi|thiessen|enclosure|hex|fishnet|网格|格网|grid"
#: What the values of a column of names end with or say, by the table that has such things.
NAME_PATTERNS: dict[str, str] = {
    "communities": r"(?:社区|居委会|居民委员会|村委会|村民委员会|社区居委会)$",
    "subdistricts": (
        r"(?i)(?:街道|街道办事处|镇|乡|[동읍면])$|\b(?:district|ward|arrondissement|quartier|"
        r"barrio|borough|subdistrict|kelurahan|suburb|"
        r"bezirk|stadtteil|tract|block group)\b|район|округ"
    ),
}
#: Six digits are a district, nine a subdistrict, twelve a community.
DIGITS = {"subdistricts": 9, "communities": 12}
#: Columns that say which portal, or which source, a row is from.
SOURCE_COLUMNS = (
    "portal",
    "source",
    "datasource",
    "来源",
    "数据来源",
    "平台",
    "site",
    "provider",
    "origin",
    "出处",
)
#: Tags of OpenStreetMap, which stand beside each other as columns of one file, and what a table takes of
#: each.
TAGS: dict[str, tuple[str, ...]] = {
    "buildings": ("building",),
    "barriers": ("highway", "railway", "waterway", "barrier"),
    "land": ("landuse", "natural", "leisure"),
}
#: What layers of drawings are called by which a table is drawn.
DRAWING_LAYERS: dict[str, str] = {
    "buildings": r"jmd|buil|hous|建筑|房|楼|bldg|здан|건물",
    "barriers": r"dlss|road|道路|street|路|rail|铁|wall|围墙|дорог|도로",
    "land": r"用地|地块|parcel|green|绿",
}
#: Of these tags only values that are known are barriers: a platform is no railway.
KNOWN_ONLY = ("railway", "waterway", "barrier")
#: Words in the name of a file whose lines or polygons are all of one kind, where no column says so.
SINGLE_KIND_FILES: dict[str, dict[str, str]] = {
    "class": {
        "railway": r"rail|铁路|轨道|tram|철도",
        "water": r"water|river|水系|河流|canal|stream|하천",
        "wall": r"wall|fence|围墙",
    },
    "kind": {
        "green": r"park|绿地|green|forest|公园",
        "water": r"water|水系|水面|lake",
        "public": r"school|学校|hospital|医院",
    },
}

#: Column → value of the table → what files write for it, as patterns; the first that fits counts, in this
#: order.
VALUES: dict[str, dict[str, str]] = {
    "use": {
        "residential": (
            r"(?<!非)(?:住宅|居住|公寓|住房)(?!附属|配套|用房)|宿舍|(?<!non)(?<!non[-_ ])resid|"
            r"résid|apartment|^house$|dormitory|"
            r"detached|terrace|"
            r"(?:one|two|multi|single).?family|dwelling|bungalow|^yes$|^zz$|wohn|woon|viviend|"
            r"habita|bostad|bolig|(?<!не)жил|дом$|общежит|"
            r"(?<!비)주거|주택|아파트|^mfh$|^efh$"
        ),
        "auxiliary": (
            r"车库|车棚|门卫|配套|附属|配电|泵房|锅炉|垃圾|garag|shed|greenhouse|gatehouse|roof|"
            r"kiosk|^services?$|hut|carport|boiler|"
            r"outbuilding|"
            r"annexe|schuppen|гараж|сара[йя]|창고|차고|車庫|物置"
        ),
        "commercial": (
            r"非住宅|non[-_ ]?resid|нежил|비주거|商|办公|酒店|宾馆|工业|厂房|仓|commercial|"
            r"commerc|retail|office|hotel|industr|"
            r"warehouse|supermarket|"
            r"shop|büro|winkel|kantoor|магазин|торг|склад|офис|근린|업무|판매|工場|業務|営業"
        ),
        "public": (
            r"公共|学校|小学|中学|教育|医|政府|文化|体育|教学|文教|幼儿|school|hospital|"
            r"university|college|church|kindergarten|"
            r"government|civic|"
            r"public|train_|eglise|religi|schule|школ|больниц|детск|학교|병원|교육|종교|官公"
        ),
    },
    "class": {
        "wall": r"墙|围栏|wall|fence|hedge|guard_rail",
        "path": (
            r"步行|人行|小径|foot|pedestrian|тротуар|path|steps|cycle|bridleway|corridor|s17[1-2]0|"
            r"s1820|s1830|보행"
        ),
        "railway": r"铁路|轨道|rail|tram|gauge|subway|metro|funicular|철도",
        "water": r"河|水|渠|water|river|canal|stream|drain|ditch|하천",
        "arterial": (
            r"主干|快速|高速|国道|省道|motorway|trunk|primary|arterial|expressway|s1100|s1200|s1630|"
            r"고속|간선|^a road$|магистрал"
        ),
        "collector": r"次干|secondary|tertiary|collector|县道|縣道|s1300|^b road$",
        "lane": (
            r"巷|胡同|弄|小路|(?<!un)service|living_street|lane|alley|track|乡道|s1500|s1730|s1740|"
            r"s1780|골목|проезд|переул"
        ),
        "local": r"支路|residential|unclassified|local|road|s1400|unknown|улиц",
    },
    "kind": {
        "residential": (
            r"住宅|居住|宅基|(?<!non)(?<!non[-_ ])resid|^res\b|urban fabric|^r\d|allotments|^대$|жил"
        ),
        "green": (
            r"绿|公园|林|草|耕|park(?!ing)|green|forest|wood|grass|meadow|garden|recreation|"
            r"cemetery|orchard|scrub|pitch|farm|"
            r"open space|^g\d|"
            r"vineyard|heath|nature|공원"
        ),
        "water": r"河|湖|水|海|water|basin|reservoir|river|wetland|^e1|하천",
        "other": (
            r"商|工业|仓|industrial|commercial|retail|garages|construction|brownfield|landfill|quarry|"
            r"其他|其它|other|^[bmw]\d|^com\b"
        ),
        "road": r"道路|公路|交通|road|highway|railway|transit|transport|parking|街巷|^s\d|도로",
        "public": (
            r"公共|公用|学校|教育|医|行政|办公|school|hospital|civic|public|kindergarten|"
            r"education|religious|military|stadium|sports|"
            r"university|^a\d|학교"
        ),
        "full": r"全委托|全部|全面|全包|full",
        "repairs_only": r"维修|repair",
        "emergency": r"应急|临时|托管|emergency",
        "red_line": r"红线",
        "parcel": r"宗地|地块|parcel",
        "hand_drawn": r"手绘|drawn",
    },
    "manager_kind": {
        "company": r"公司|企业|company",
        "owner_unit": r"原产权|单位自管",
        "state_owned": r"国有|国企|state",
        "subdistrict": r"街道|社区|subdistrict",
        "none": r"^无|none",
    },
    "mode": {
        "market": r"市场|market",
        "self_management": r"自治|自管|self",
        "basic_guarantee": r"保障|基础|兜底|托底|basic",
    },
    "maintenance_fund": {
        "paid": r"已缴|已交|足额|paid",
        "short": r"不足|short",
        "none": r"^无|未缴|未交|none",
        "unknown": r"不详|未知|unknown",
    },
}  # fmt: skip
#: Column whose rows all need a value → the one that takes what no pattern above does.
DEFAULT_VALUES = {"use": "residential", "class": "local", "kind": "other"}
