"""What columns, values and files of the domain are called in Chinese, pinyin and English: assumed, from files that were met."""

from __future__ import annotations

#: Column of a table → names that files give it, in lower case without blanks and signs, the likeliest first.
_COLUMNS = {
    "building_id": ("buildingid 楼栋编号 楼栋编码 建筑编号 建筑编码 幢号编码 bldid houseid osm osmid gid fid"),
    "barrier_id": "barrierid roadid 道路编号 道路编码 osm osmid gid fid",
    "land_id": "landid 地块编号 宗地编号 dkbh osm osmid gid fid",
    "compound_id": "compoundid 小区编号 小区编码 osm osmid gid fid",
    "area_id": ("areaid 区域编号 管理区域编号 物业区域编号 区域编码 项目编号 小区编号 小区编码 备案编号"),
    "entry_id": "entryid 条目编号 序号",
    "contract_id": "contractid 合同编号 合同号 备案号 contractno",
    "subdistrict_code": ("subdistrictcode streetcode 街道代码 街道编码 街道 办事处 jiedao subdistrict"),
    "community_code": "communitycode 社区代码 社区编码 社区 居委会 shequ community",
    "name": (
        "name 名称 小区名称 楼盘名称 小区名 楼栋名称 楼栋名 道路名称 路名 "
        "项目名称 mingcheng mc 小区 xqmc title 楼栋 楼号 项目 街道名称 "
        "社区名称 district"
    ),
    "use": ("use 用途 使用性质 房屋用途 建筑用途 规划用途 yongtu yt buildinguse building usage"),
    "floors": ("floors floor 层数 总层数 地上层数 楼层数 楼层 buildinglevels levels storeys stories layer layers cengshu cs fwcs zcs"),
    "floor_area_m2": ("floorarea flooraream2 建筑面积 总建筑面积 建面 jzmj mianji grossarea gfa"),
    "households": "households nhouseholds 户数 总户数 居民户数 hushu hs zhs flats",
    "year": ("year 建成年份 建成年代 建造年代 竣工年份 建筑年代 年代 建成时间 竣工时间 built buildyear yearbuilt nd jznd jcnd startdate"),
    "owner_unit": "ownerunit 原产权单位 产权单位 原房屋产权单位 cqdw owner",
    "address": ("address 地址 坐落 门牌 门牌号 门牌地址 详细地址 小区地址 dizhi dz zl addr addrfull addrstreet street"),
    "class": ("class fclass highway 道路等级 道路类型 等级 类型 类别 roadclass dldj type waterway railway"),
    "width_m": "width widthm 宽度 路宽 红线宽度 kd kuandu",
    "kind": ("kind landuse 用地性质 用地类型 地类 地类名称 dlmc ydxz 用地 fclass 类型 合同类型 type"),
    "manager": (
        "manager 物业公司 物业服务企业 物业企业 物业管理单位 服务单位 物业服务单位 物业单位 管理单位 pmcompany wygs wuye 物业 乙方"
    ),
    "manager_kind": "managerkind 单位性质 企业性质 管理单位性质",
    "owners_committee": "ownerscommittee 业主委员会 业委会 有无业委会",
    "mode": "mode 服务模式 管理模式 物业模式 管理方式",
    "n_buildings": "nbuildings 栋数 楼栋数 楼幢数 总栋数 幢数 dongshu ds count buildings",
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
IDS = ("id", "objectid", "编号", "编码", "代码", "code", "bh", "bm", "唯一编码", "uuid")

#: Names of coordinates: (x, y), and the datum that such a name states.
COORDINATES: tuple[tuple[str, str, str], ...] = (
    ("wgs84lon", "wgs84lat", ""),
    ("lonwgs84", "latwgs84", ""),
    ("gcj02lon", "gcj02lat", "gcj02"),
    ("longcj02", "latgcj02", "gcj02"),
    ("bd09lon", "bd09lat", "bd09"),
    ("lonbd09", "latbd09", "bd09"),
    ("longitude", "latitude", ""),
    ("lon", "lat", ""),
    ("lng", "lat", ""),
    ("centerlon", "centerlat", ""),
    ("经度", "纬度", ""),
    ("jd", "wd", ""),
    ("jingdu", "weidu", ""),
    ("x坐标", "y坐标", ""),
    ("x", "y", ""),
)

#: Words in the names of files and layers, and of their columns, that speak for a table.
FILES: dict[str, tuple[str, ...]] = {
    "buildings": ("building", "楼栋", "建筑", "房屋", "footprint", "houses", "loudong", "fangwu"),
    "barriers": ("road", "道路", "路网", "railway", "铁路", "waterway", "水系", "street", "daolu"),
    "land": ("landuse", "用地", "地块", "parcel", "绿地"),
    "compounds": ("compound", "院落", "商品房小区"),
    "subdistricts": ("subdistrict", "街道", "办事处", "jiedao", "districts"),
    "communities": ("communit", "社区", "居委"),
    "register": ("register", "台账", "登记", "名册", "estate", "小区", "物业区域"),
    "entries": ("entries", "条目", "明细"),
    "boundaries": ("boundar", "边界", "红线"),
    "decisions": ("decision", "决定"),
    "contracts": ("contract", "合同"),
    "assessments": ("assess", "考核", "评分"),
}

#: Column → value of the table → what files write for it, as patterns; the first that fits counts.
VALUES: dict[str, dict[str, str]] = {
    "use": {
        "residential": (
            r"住宅|居住|宿舍|公寓|住房|residential|apartment|^house$|dormitory|"
            r"detached|terrace|^yes$|^zz$"
        ),
        "auxiliary": (
            r"车库|车棚|门卫|配套|附属|配电|泵房|锅炉|垃圾|garage|shed|greenhouse|"
            r"gatehouse|roof|kiosk|service|hut|carport|boiler"
        ),
        "commercial": (
            r"商|办公|酒店|宾馆|工业|厂房|仓|commercial|retail|office|hotel|"
            r"industrial|warehouse|supermarket|shop"
        ),
        "public": (
            r"公共|学校|教育|医|政府|文化|体育|教学|school|hospital|university|"
            r"college|church|kindergarten|government|civic|public|train_"
        ),
    },
    "class": {
        "railway": r"铁路|轨道|rail|tram",
        "water": r"河|水|渠|water|river|canal|stream|drain",
        "arterial": r"主干|快速|高速|国道|省道|motorway|trunk|primary|arterial|expressway",
        "collector": r"次干|secondary|tertiary|collector|县道",
        "lane": r"巷|胡同|弄|小路|service|living_street|lane|alley|track|乡道",
        "path": r"步行|人行|小径|foot|pedestrian|path|steps|cycle",
        "wall": r"墙|围栏|wall|fence",
        "local": r"支路|residential|unclassified|local|road",
    },
    "kind": {
        "residential": r"住宅|居住|residential",
        "green": (
            r"绿|公园|林|草|park|green|forest|wood|grass|meadow|garden|recreation|"
            r"cemetery|orchard|scrub|pitch|farm"
        ),
        "water": r"河|湖|水|海|water|basin|reservoir|river",
        "road": r"道路|交通|road|highway|railway|transport|parking|街巷",
        "public": (
            r"公共|公用|学校|教育|医|行政|办公|school|hospital|civic|public|"
            r"kindergarten|education|religious|military|stadium|sports|university"
        ),
        "other": (
            r"商|工业|仓|industrial|commercial|retail|garages|construction|"
            r"brownfield|landfill|quarry|其他|其它|other"
        ),
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
}
#: Column whose rows all need a value → the one that takes what no pattern above does.
REST = {"use": "residential", "class": "local", "kind": "other"}
