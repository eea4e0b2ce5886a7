package fault

// For tests: the list of builds.
var (
	Reports = reports
	Builds  = builds
)

// Parts returns the names of all parts.
func Parts() []string {
	var names []string
	for _, c := range collectors {
		names = append(names, c.part)
	}
	return names
}
