// Package locks is the table of everything that holds a handset back or should not
// travel with it: accounts, Find Device, owners, restrictions, cards. A row says how
// to see the lock, its effect on the repair, and how the owner removes it.
//
// It knows no way around a lock. A lock that cannot be read is unknown, never clear:
// an empty answer, a refused list and a cut one all leave it open.
package locks
