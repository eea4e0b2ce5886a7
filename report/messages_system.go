package report

// systemSentences say whose system a handset runs, and whether it shows its owner's
// data.
var systemSentences = []phrase{
	{"the handset runs its maker's own system", "el teléfono usa el sistema de su fabricante", "手机运行的是厂商自己的系统"},
	{
		"the handset runs a system that is not its maker's: a service centre puts the maker's own back, or refuses the handset",
		"el teléfono usa un sistema que no es de su fabricante: el servicio técnico reinstala el del fabricante o rechaza el teléfono",
		"手机运行的不是厂商的系统：维修中心会刷回厂商系统，或拒绝受理",
	},
	{"it is not known whether the handset runs its maker's own system", "no se puede saber si el teléfono usa el sistema de su fabricante", "无法判断手机运行的是否为厂商自己的系统"},
	{"whether its OS was made for the hardware's region", "si su sistema corresponde a la región del hardware", "系统与硬件地区是否相符的信息"},
	{
		"Ask the service centre before posting it: most put the maker's own system back, which erases everything, or refuse the handset. Or, after a backup, put the maker's system for this model back yourself; locking the bootloader over another system can make the handset unusable.",
		"Pregunte al servicio técnico antes de enviarlo: la mayoría reinstala el sistema del fabricante, lo que borra todo, o rechaza el teléfono. O, tras una copia, reinstale usted el de este modelo; bloquear el cargador de arranque sobre otro sistema puede inutilizar el teléfono.",
		"寄出前请先询问维修中心：多数会刷回厂商系统（会清除全部数据），或拒绝受理。您也可以先备份，再自行刷回此型号的厂商系统；不要在其他系统上重新锁定引导加载程序，否则手机可能无法使用。",
	},
	{
		"Settings, About phone: the system must be the one this handset was sold with, or an update of it by its maker. No other system may have been installed since.",
		"Ajustes, Sobre el teléfono: el sistema debe ser el que traía el teléfono cuando se vendió, o una actualización del fabricante. No debe haberse instalado ningún otro desde entonces.",
		"设置、我的设备：必须是手机出售时的系统或厂商对它的更新，且之后没有刷过其他系统。",
	},

	{
		"that the system is unmodified: one that gives the maker's answers throughout, or hides its changes, is not detected",
		"que el sistema no esté modificado: no se detecta uno que responde en todo como el del fabricante, o que oculta sus cambios",
		"系统未被改动：各项回答都与厂商系统一致、或隐藏改动的系统无法检测出来",
	},

	{
		"that a maker's own maintenance mode is off, where it shows no other user to a computer",
		"que el modo de mantenimiento propio del fabricante esté desactivado, si no muestra a un ordenador ningún otro usuario",
		"厂商自己的维修模式已关闭（如果它不向电脑显示其他用户）",
	},
	{"repair mode is off", "el modo de reparación está desactivado", "维修模式已关闭"},
	{
		"the handset is in repair mode, so what it shows is temporary and the owner's data is hidden behind it",
		"el teléfono está en modo de reparación: lo que muestra es temporal y los datos del propietario están ocultos",
		"手机处于维修模式：所显示的是临时系统，机主的数据被隐藏",
	},
	{"the handset does not show its owner's data", "el teléfono no muestra los datos de su propietario", "手机显示的不是机主的数据"},
	{"the handset does not tell whether it is in repair mode", "el teléfono no indica si está en modo de reparación", "手机没有说明是否处于维修模式"},
	{
		"the handset may be in its maker's maintenance mode: it has another user that has no known purpose",
		"el teléfono puede estar en el modo de mantenimiento del fabricante: tiene otro usuario cuya finalidad se desconoce",
		"手机可能处于厂商的维修模式：存在一个用途不明的其他用户",
	},
	{
		"the handset shows another user than its owner, so what it shows may not be the owner's data",
		"el teléfono muestra otro usuario que no es el propietario: puede que lo que muestra no sean los datos del propietario",
		"手机当前显示的不是机主用户：看到的可能不是机主的数据",
	},
	{
		"Leave repair mode on the handset: tap its notification, or open Settings, System, Repair mode, then Exit, and enter the screen lock. The handset restarts. If another user is on the screen, switch to the owner. Then run the same command again.",
		"Salga del modo de reparación: toque su notificación, o abra Ajustes, Sistema, Modo de reparación y pulse Salir; introduzca el PIN, el patrón o la contraseña. El teléfono se reinicia. Si en pantalla hay otro usuario, cambie al propietario. Después repita la orden.",
		"请在手机上退出维修模式：点按其通知，或打开设置、系统、维修模式，点退出并输入锁屏密码。手机会重启。如果屏幕上是其他用户，请切换到机主。然后再次运行同一命令。",
	},
	{
		"Leave repair mode (some versions: maintenance mode): search Settings, or restart the handset, choose to leave it and enter the screen lock's password. Menus differ by version; untried. If another space is on the screen, switch to the owner's. Then run the same command again.",
		"Salga del modo de reparación (o de mantenimiento): búsquelo en Ajustes, o reinicie el teléfono, elija salir e introduzca la contraseña. Los menús varían según la versión; no se ha probado. Si en pantalla hay otro espacio, cambie al del propietario. Después repita la orden.",
		"请退出维修模式（某些版本称为维护模式）：在设置中搜索，或重启手机，选择退出并输入锁屏密码。各版本的菜单不同，尚未在真实手机上验证。如果屏幕上是其他空间，请切换到机主的空间。然后再次运行同一命令。",
	},
	{
		"Look at the handset: Settings must say that repair mode (also called maintenance mode) is off, and the owner's own photos and apps must be there.",
		"Mire el teléfono: Ajustes debe indicar que el modo de reparación (o de mantenimiento) está desactivado, y deben verse las fotos y aplicaciones del propietario.",
		"请查看手机：设置中应显示维修模式（也称维护模式）已关闭，并能看到机主自己的照片和应用。",
	},
	{
		"leave repair mode on the handset, or switch to its owner's space; then run preship verify",
		"salga del modo de reparación en el teléfono, o cambie al espacio del propietario; después ejecute preship verify",
		"请在手机上退出维修模式，或切换到机主的空间；然后运行 preship verify",
	},
}
