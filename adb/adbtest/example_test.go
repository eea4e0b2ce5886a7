package adbtest_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"

	"preship/adb"
	"preship/adb/adbtest"
)

// Start an emulated handset on an adb server in a test of your own. Any client of
// an adb server reaches it at s.Addr(), adb itself too: adb -H HOST -P PORT.
// Sent lists afterwards what the handset was sent.
func ExampleNewServer() {
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		log.Fatal(err)
	}
	h := adbtest.New(p, adbtest.WithOwner(adbtest.OwnerHelpful()))
	defer h.Close()
	s, err := adbtest.NewServer("", h)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	// A client of any kind: this one speaks the server's protocol by hand.
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	for _, request := range []string{"host:transport:" + h.Serial(), "shell:getprop ro.product.model"} {
		fmt.Fprintf(conn, "%04x%s", len(request), request)
		status := make([]byte, 4)
		if _, err := io.ReadFull(conn, status); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s ", status)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s", answer)
	for _, sent := range h.Sent() {
		fmt.Println("sent:", sent.Service)
	}
	// Output:
	// OKAY OKAY M2101K7AG
	// sent: shell:getprop ro.product.model
}

// A handset on which a folder cannot be read, for any program that speaks to adb's daemon:
// adb connect takes d.Addr(). In a shell, preship handset PROFILE --trouble FILE is the
// same. A test reads h.Sent to see what its program asked for.
func ExampleNew() {
	p, err := adbtest.Load("redmi-note-10")
	if err != nil {
		log.Fatal(err)
	}
	trouble := adbtest.Trouble{Kind: adbtest.TroubleDeny, Path: "/sdcard/DCIM"}
	h := adbtest.New(p, adbtest.WithOwner(adbtest.OwnerHelpful()), adbtest.WithTrouble(trouble))
	defer h.Close()
	d, err := adbtest.NewDaemon(h, "")
	if err != nil {
		log.Fatal(err)
	}
	defer d.Close()
	s, err := adbtest.NewServer("", h) // beside it, for programs that speak to adb's server
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	client, err := adb.New(adb.Options{Addr: s.Addr()})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Device(h.Serial()).Shell(context.Background(), "ls /sdcard/DCIM", nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s%d\n", answer.Stderr, answer.Exit)
	// Output:
	// ls: /sdcard/DCIM: Permission denied
	// 1
}
