package android

import (
	"errors"
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
	s.change(func(d *data) { d.props[name] = value })
	return true
}

// Settings returns the values of a namespace, nil if there is no such namespace.
func (s *State) Settings(namespace string) map[string]string {
	return read(s, func(d *data) map[string]string { return maps.Clone(d.settings[namespace]) })
}

// PutSetting sets a value of one of the three namespaces.
func (s *State) PutSetting(namespace, key, value string) {
	s.change(func(d *data) { d.settings[namespace][key] = value })
}

// DeleteSetting removes a value.
func (s *State) DeleteSetting(namespace, key string) {
	s.change(func(d *data) { delete(d.settings[namespace], key) })
}

// Tables returns the tables of content providers by URI. The caller does not
// change them.
func (s *State) Tables() map[string]profile.Table {
	return read(s, func(d *data) map[string]profile.Table { return maps.Clone(d.tables) })
}

// ChangeTables lets change put other tables into the map. A table itself is not
// changed: the profile shares it.
func (s *State) ChangeTables(change func(tables map[string]profile.Table)) {
	s.change(func(d *data) { change(d.tables) })
}

// WriteFile writes a file that a command of the system makes. If the disk is full, the
// written part stays.
func (s *State) WriteFile(name string, mode uint32, data []byte) error {
	w, err := s.Tree.Create(name, mode)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return errors.Join(err, w.Close())
}

// Exception writes what a system service threw at a shell command, and returns the
// command's status.
func Exception(stderr io.Writer, command, text string) int {
	fmt.Fprintf(stderr, "\nException occurred while executing '%s':\n%s\n\tat android.os.Parcel.createExceptionOrNull(Parcel.java:2438)\n", command, text)
	return 255
}
