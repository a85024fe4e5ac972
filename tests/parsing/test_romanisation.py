from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parsing.romanisation import in_english, romanised


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("胜利路", "Shengli Road"),
        ("石道街", "Shidao Street"),
        ("中山大街", "Zhongshan Avenue"),
        ("八一路", "Bayi Road"),
        ("香周北街", "Xiangzhoubei Street"),
        ("东北路", "Dongbei Road"),
        ("一巷", "Lane 1"),
        ("香三街", "Xiangsan Street"),
        ("青泥街一巷", "Qingni Street Lane 1"),
        ("白云街十二巷", "Baiyun Street Lane 12"),
        ("西安路", "Xi'an Road"),
        ("旅顺路", "Lüshun Road"),
        ("重庆路", "Chongqing Road"),
        ("长春路", "Changchun Road"),
        ("朝阳街", "Chaoyang Street"),
        ("沈大高速公路", "Shenda Expressway"),
        ("哈大铁路", "Hada Railway"),
        ("劳动公园", "Laodong Park"),
        ("台山", "Taishan Mountain"),
        ("白云山", "Baiyun Mountain"),
        ("马栏河", "Malan River"),
        ("第1小学", "No. 1 Primary School"),
        ("日新街道", "Rixin Subdistrict"),
        ("白云街道", "Baiyun Subdistrict"),
        ("香炉礁街道", "Xianglujiao Subdistrict"),
        ("八一路街道", "Bayi Road Subdistrict"),
        ("人民广场街道", "Renmin Square Subdistrict"),
        ("八一路街道办事处", "Bayi Road Subdistrict Office"),
        ("广场街道", "Guangchang Subdistrict"),
        ("胜利社区", "Shengli Community"),
        ("民乐社区", "Minle Community"),
        ("北京街社区", "Beijing Street Community"),
        ("虹桥社区", "Hongqiao Community"),
        ("工人村社区", "Gongrencun Community"),
        ("金州镇", "Jinzhou Town"),
        ("石河乡", "Shihe Township"),
        ("王家村", "Wangjia Village"),
        ("李村", "Licun Village"),
        ("李村街道", "Licun Subdistrict"),
        ("云峰街3号楼院", "No. 3 Yunfeng Street Courtyard"),
        ("望山街一巷2号楼院", "No. 2 Wangshan Street Lane 1 Courtyard"),
        ("２号楼院", "No. 2 Courtyard"),
        ("东院", "Dongyuan"),
        ("西安A区", "Xi'an A Qu"),
        ("路", "Road"),
        ("小日晖桥36弄", "Xiaorihui Bridge Alley 36"),
        ("解放新村", "Jiefang Xincun"),
    ],
)
def test_a_name_is_spelled_in_pinyin_and_what_it_is_in_english(name, english):
    assert romanised(name) == english
    assert in_english(name) == f"{english} ({name})"


@pytest.mark.parametrize("name", ["Jiefang Road", "улица Ленина", "", "Route 12"])
def test_a_name_without_chinese_characters_stays_as_it_is(name):
    assert in_english(name) == name


@pytest.mark.parametrize("name", ["路" + "一路" * 1500, "甲" + "1号" * 1500, "胜" + "9" * 5000 + "号"])
def test_a_text_far_too_long_for_a_name_is_only_spelled(name):
    assert len(romanised(name)) > 1000


@given(
    st.text(
        st.sampled_from("胜利一二十百路街大道巷弄号第院山河〇0９ AЖ()'")
        | st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
        min_size=1,
    )
)
def test_any_name_can_be_spelled_and_keeps_none_of_its_chinese_characters(name):
    assert not any("一" <= sign <= "龥" for sign in romanised(name))
    assert romanised(name) or not name.strip()
