package message

import (
	"maps"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Loaded reports whether a language was opened.
func Loaded() bool { return loaded.Load() }

// all returns the messages of every file.
func (c *catalogue) all() map[ID]*i18n.Message {
	words := map[ID]*i18n.Message{}
	for _, read := range c.rooms {
		maps.Copy(words, read().words)
	}
	return words
}
