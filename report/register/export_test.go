package register

// StoreOf returns the store of a register.
func StoreOf(r *Register) Store { return r.store }
