package fault

// For tests: the list of builds.
var (
	Reports = reports
	Builds  = builds
)
