package android

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"preship/adb/adbtest/profile"
)

// Prop returns a property, "" if it is not set.
func (s *State) Prop(name string) string {
	return read(s, func(d *data) string { return d.props[name] })
}

// Props returns all properties.
func (s *State) Props() map[string]string {
	return read(s, func(d *data) map[string]string { return maps.Clone(d.props) })
}

// SetProp sets a property. It refuses one that begins with "ro.", and a value
// longer than Android allows.
func (s *State) SetProp(name, value string) bool {
	if len(name) > 2 && strings.HasPrefix(name, "ro.") || len(value) > 91 {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.props[name] = value
	return true
}

// Setting returns one value of the settings provider.
func (s *State) Setting(namespace, key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.data.settings[namespace][key]
	return v, ok
}

// Settings returns the values of a namespace, nil if there is no such namespace.
func (s *State) Settings(namespace string) map[string]string {
	return read(s, func(d *data) map[string]string { return maps.Clone(d.settings[namespace]) })
}

// PutSetting sets a value of one of the three namespaces.
func (s *State) PutSetting(namespace, key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.settings[namespace][key] = value
}

// DeleteSetting removes a value.
func (s *State) DeleteSetting(namespace, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.data.settings[namespace], key)
}

// Tables returns the tables of content providers by URI. The caller does not
// change them.
func (s *State) Tables() map[string]profile.Table {
	return read(s, func(d *data) map[string]profile.Table { return maps.Clone(d.tables) })
}

// ChangeTables lets change put other tables into the map. A table itself is not
// changed: the profile shares it.
func (s *State) ChangeTables(change func(tables map[string]profile.Table)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.data.tables)
}

// Exception writes what a system service threw at a shell command, and returns the
// command's status.
func Exception(stderr io.Writer, command, text string) int {
	fmt.Fprintf(stderr, "\nException occurred while executing '%s':\n%s\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2438)\n", command, text)
	return 255
}
