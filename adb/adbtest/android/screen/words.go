package screen

import "strings"

// words is what the vendor's settings write on the pages of a factory reset.
// They are those of a Redmi K60 on HyperOS 1.
var words = map[string]map[string]string{
	"en": {
		"settings": "Settings", "more": "Additional settings",
		"about": "About phone", "reset": "Factory reset", "erase": "Erase all data",
		"erases":    "This will erase all data from your phone's internal storage.",
		"lock":      "Confirm your password",
		"wallet":    "Remove cards from Mi Wallet",
		"skip":      "Skip",
		"open":      "Open",
		"backup":    "Back up items first?",
		"back-up":   "Back up",
		"checking":  "Checking Find device status…",
		"password":  "Enter Mi Account password",
		"not-off":   "Couldn't turn off Find device",
		"offline":   "Couldn't turn off Find device. Make sure your device is connected to the internet.",
		"attention": "Attention",
		"warning-1": "All data will be erased and can't be restored.",
		"warning-2": "The phone restarts and erases all data.",
		"cancel":    "Cancel", "next": "Next", "next-in": "Next (%d)", "ok": "OK", "ok-in": "OK (%d)",
		"android": "Erase all data (factory reset)",
	},
	"zh": {
		"settings": "设置", "more": "更多设置",
		"about": "关于手机", "reset": "恢复出厂设置", "erase": "清除所有数据",
		"erases":    "此操作将清除手机内部存储空间的所有数据。",
		"lock":      "确认密码",
		"wallet":    "清除钱包中的卡片信息",
		"skip":      "跳过",
		"open":      "打开",
		"backup":    "要在恢复出厂设置前更新备份吗？",
		"back-up":   "立即备份",
		"checking":  "正在检查查找手机状态...",
		"password":  "请输入小米账号密码",
		"not-off":   "关闭查找手机失败",
		"offline":   "无法成功关闭查找手机，请检查您的网络连接。",
		"attention": "警告",
		"warning-1": "所有数据将被清除，且无法恢复。",
		"warning-2": "手机将重启并清除所有数据。",
		"cancel":    "取消", "next": "下一步", "next-in": "下一步（%d）", "ok": "确定", "ok-in": "确定（%d）",
		"android": "清除所有数据（恢复出厂设置）",
	},
}

// word returns a word in the handset's language, or in English if the table does not
// have that language.
func (s Screen) word(key string) string {
	language, _, _ := strings.Cut(s.Prop("persist.sys.locale"), "-")
	if own, ok := words[language]; ok {
		return own[key]
	}
	return words["en"][key]
}
