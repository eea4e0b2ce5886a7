package toybox

// Command is one row of the table of programs.
type Command struct {
	Run   Program
	Since int // first API level, 0 for any
}

// applets is every applet of toybox.
var Applets = map[string]Command{
	"echo":      {Run: runEcho},
	"cat":       {Run: runCat},
	"chmod":     {Run: runChmod},
	"dd":        {Run: runDD},
	"df":        {Run: runDF},
	"false":     {Run: runFalse},
	"find":      {Run: runFind},
	"grep":      {Run: runGrep},
	"head":      {Run: runHead},
	"id":        {Run: runID},
	"ln":        {Run: runLn},
	"ls":        {Run: runLs},
	"md5sum":    {Run: runHash},
	"mkdir":     {Run: runMkdir},
	"mv":        {Run: runMv},
	"ps":        {Run: runPs},
	"readlink":  {Run: runReadlink},
	"rm":        {Run: runRm},
	"sha256sum": {Run: runHash, Since: 26},
	"sleep":     {Run: runSleep},
	"sort":      {Run: runSort},
	"stat":      {Run: runStat},
	"tar":       {Run: runTar},
	"touch":     {Run: runTouch},
	"true":      {Run: runTrue},
	"uname":     {Run: runUname},
	"wc":        {Run: runWc},
	"which":     {Run: runWhich},
	"xargs":     {Run: runXargs},
	"yes":       {Run: runYes},
}
