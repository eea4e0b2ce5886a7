package message

// Loaded reports whether the words of a language were read.
func Loaded() bool { return loaded.Load() }
