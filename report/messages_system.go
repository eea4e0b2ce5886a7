package report

// systemSentences are what is found out about whose system a handset runs.
var systemSentences = []phrase{
	{"the handset runs its maker's own system", "el teléfono usa el sistema de su fabricante", "手机运行的是厂商自己的系统"},
	{
		"the handset runs a system that is not its maker's: a service centre puts the maker's own back, or refuses the handset",
		"el teléfono usa un sistema que no es de su fabricante: el servicio técnico reinstala el del fabricante o rechaza el teléfono",
		"手机运行的不是厂商的系统：维修中心会刷回厂商系统，或拒绝受理",
	},
	{"it cannot be told whether the handset runs its maker's own system", "no se puede saber si el teléfono usa el sistema de su fabricante", "无法判断手机运行的是否为厂商自己的系统"},
	{"whether its OS was made for the hardware's region", "si su sistema corresponde a la región del hardware", "系统与硬件地区是否相符的信息"},
	{
		"Ask the service centre before posting it: most put the maker's own system back, which erases everything, or refuse the handset. Or put the maker's system for this very model back yourself, after a backup; do not lock the bootloader over another system, which can make the handset unusable.",
		"Pregunte al servicio técnico antes de enviarlo: la mayoría reinstala el sistema del fabricante, lo que borra todo, o rechaza el teléfono. También puede reinstalar usted el sistema del fabricante para este mismo modelo, después de una copia de seguridad; no bloquee el cargador de arranque sobre otro sistema, puede inutilizar el teléfono.",
		"寄出前请先询问维修中心：多数会刷回厂商系统（会清除全部数据），或拒绝受理。您也可以先备份，再自行刷回此型号的厂商系统；不要在其他系统上重新锁定引导加载程序，否则手机可能无法使用。",
	},
	{
		"Settings, About phone: it must be the system this handset was sold with, or its maker's updates of it, and nobody may have put another one on it.",
		"Ajustes, Sobre el teléfono: debe ser el sistema con el que se vendió el teléfono, o sus actualizaciones del fabricante, y nadie debe haber instalado otro.",
		"设置、我的设备：必须是手机出售时的系统或厂商对它的更新，且没有人刷过其他系统。",
	},
}
