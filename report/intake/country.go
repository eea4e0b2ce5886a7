package intake

import (
	"slices"
	"strings"
	"unicode"
)

// countryNames are countries as people write them, in lower case, for the countries whose
// law or service centres the claim knows, and for their neighbours.
var countryNames = map[string]string{
	"AT": "austria|österreich|奥地利", "AR": "argentina|阿根廷", "BE": "belgium|bélgica|belgique|belgië|比利时", "BG": "bulgaria|保加利亚",
	"BR": "brazil|brasil|巴西", "CH": "switzerland|suiza|schweiz|suisse|瑞士", "CL": "chile|智利", "CN": "china|prc|中国", "CO": "colombia|哥伦比亚",
	"CY": "cyprus|chipre|塞浦路斯", "CZ": "czechia|czech republic|chequia|república checa|捷克", "DE": "germany|alemania|deutschland|德国",
	"DK": "denmark|dinamarca|danmark|丹麦", "EE": "estonia|爱沙尼亚", "ES": "spain|españa|espana|西班牙", "FI": "finland|finlandia|suomi|芬兰",
	"FR": "france|francia|法国", "GB": "united kingdom|great britain|uk|england|scotland|wales|reino unido|英国", "GR": "greece|grecia|希腊",
	"HK": "hong kong|香港", "HR": "croatia|croacia|克罗地亚", "HU": "hungary|hungría|匈牙利", "IE": "ireland|irlanda|爱尔兰", "IN": "india|印度",
	"ID": "indonesia|印度尼西亚", "IT": "italy|italia|意大利", "LT": "lithuania|lituania|立陶宛", "LU": "luxembourg|luxemburgo|卢森堡",
	"LV": "latvia|letonia|拉脱维亚", "MT": "malta|马耳他", "MX": "mexico|méxico|墨西哥", "MY": "malaysia|malasia|马来西亚",
	"NL": "netherlands|the netherlands|holland|países bajos|holanda|nederland|荷兰", "NO": "norway|noruega|norge|挪威", "PE": "peru|perú|秘鲁",
	"PH": "philippines|filipinas|菲律宾", "PL": "poland|polonia|polska|波兰", "PT": "portugal|葡萄牙", "RO": "romania|rumanía|rumania|罗马尼亚",
	"SE": "sweden|suecia|sverige|瑞典", "SG": "singapore|singapur|新加坡", "SI": "slovenia|eslovenia|斯洛文尼亚", "SK": "slovakia|eslovaquia|斯洛伐克",
	"TH": "thailand|tailandia|泰国", "TW": "taiwan|taiwán|台湾", "US": "united states|usa|estados unidos|美国", "VN": "vietnam|越南",
}

// countryOf returns the two-letter code of a country as a person writes it. It returns
// an unknown country unchanged.
func countryOf(typed string) string {
	name := strings.ToLower(strings.TrimSpace(typed))
	for code, names := range countryNames {
		for one := range strings.SplitSeq(names, "|") {
			if one == name {
				return code
			}
		}
	}
	return typed
}

// anyCountry returns the names as parts of a pattern that takes any case of them, sorted.
func anyCountry() (all []string) {
	for _, names := range countryNames {
		for one := range strings.SplitSeq(names, "|") {
			var b strings.Builder
			for _, r := range one {
				if low, up := unicode.ToLower(r), unicode.ToUpper(r); low != up {
					b.WriteString("[" + string(low) + string(up) + "]")
				} else {
					b.WriteRune(r)
				}
			}
			all = append(all, b.String())
		}
	}
	slices.Sort(all)
	return all
}
