// Package central is a register that the desks of a chain share, in PostgreSQL. Each desk
// keeps its own register and its own folders, which stay the truth; the shared one answers
// which desk has a handset, and which has its backup.
//
// A row is of one case in one folder of one desk. Desks write their own rows alone, and
// read all. A desk that is cut off works on; with the next write that succeeds it compares
// its folder with its rows, and writes the missing rows ([Desk.Remember]).
//
// A job claims its handset ([Desk.Claim]): as long as the claim lasts, no other desk begins
// one on it. A claim is an advisory lock of the session, so that it ends with its process
// and with its connection. A desk that is cut off in mid-job continues without it.
//
// The package refuses a connection that somebody on the way could read or answer
// ([ErrPlain]), except on the same computer. The password is best in PGPASSFILE or in the
// environment (PRESHIP_REGISTER); no error shows it.
//
// # Rights
//
// The first connection creates the schema preship, and needs the right to create it. After
// it a desk's role needs no more than:
//
//	GRANT USAGE ON SCHEMA preship TO desk;
//	GRANT SELECT ON preship.version TO desk;
//	GRANT SELECT, INSERT, UPDATE, DELETE ON preship.cases, preship.imeis, preship.work TO desk;
//
// # Speed
//
// With 50,000 cases of 20 desks on the same computer, two busy cores, a search that finds a
// few cases by IMEI, serial, ticket or date takes 0.3 to 3 ms:
//
//	go test -run=^$ -bench=. ./report/register/central
package central
