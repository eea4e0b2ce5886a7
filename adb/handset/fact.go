package handset

// Fact is one value with where it comes from. Either Value or Unknown is set.
type Fact struct {
	Value   string
	Source  string // the property or command it was read from
	Ref     string // evidence of the raw answer, "" is nowhere
	Unknown string // why it is not known, when Value is ""
}

// Known reports whether the fact has a value.
func (f Fact) Known() bool { return f.Value != "" }

// List is a list with where it comes from. Items means something only when
// Unknown is "": then an empty list means that the handset has no such thing.
type List[T any] struct {
	Items   []T
	Source  string
	Ref     string
	Unknown string // why the list is not known
}

// Known reports whether the list is complete.
func (l List[T]) Known() bool { return l.Unknown == "" }
