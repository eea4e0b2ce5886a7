package handset

import "preship/report/message"

// Fact is one value with where it comes from. Either Value or Unknown is set.
type Fact struct {
	Value   string
	Source  string           // the property or command it was read from
	Ref     string           // evidence of the raw answer, "" is nowhere
	Unknown message.Sentence // why it is not known, when Value is ""
	// Saw is what shows the value, where no word of the handset's does; empty if one does.
	Saw message.Sentence
}

// Known reports whether the fact has a value.
func (f Fact) Known() bool { return f.Value != "" }

// List is a list with where it comes from. Items means something only when
// Unknown is empty: then an empty list means that the handset has no such thing.
type List[T any] struct {
	Items   []T
	Source  string
	Ref     string
	Unknown message.Sentence // why the list is not known
	Saw     message.Sentence // what shows an empty list, as [Fact] has it
}

// Known reports whether the list is complete.
func (l List[T]) Known() bool { return l.Unknown.Empty() }
