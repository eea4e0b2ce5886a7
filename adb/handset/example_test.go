package handset_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"preship/adb"
	"preship/adb/adbtest"
	"preship/adb/handset"
	"preship/adb/handset/locks"
)

// shell asks a device the lines of the command table, and keeps no evidence.
type shell struct{ device *adb.Device }

func (s shell) Ask(ctx context.Context, line handset.Line) (handset.Answer, error) {
	r, err := s.device.Shell(ctx, line.String(), nil)
	return handset.Answer{Stdout: r.Stdout, Stderr: r.Stderr, Exit: r.Exit}, err
}

// Identify a handset, and ask what locks it. A value that the handset does not
// tell is unknown, with the reason; it is never an empty string taken for a value.
func ExampleIdentify() {
	err := withEmulated("redmi-note-10", func(device *adb.Device) error {
		ctx := context.Background()
		id, err := handset.Identify(ctx, shell{device})
		if err != nil {
			return err
		}
		fmt.Println(id.MarketName.Value, "with", id.OS.Name.Value, id.OS.Version.Value)
		for _, imei := range id.IMEIs.Items {
			fmt.Println("IMEI", imei.Value)
		}
		if !id.MEID.Known() {
			fmt.Println("MEID unknown:", id.MEID.Unknown)
		}
		answers := locks.Look(ctx, shell{device}, id)
		for _, lock := range []string{locks.MiAccount, locks.FindDevice} {
			fmt.Println(lock, "is", locks.ByID(lock).Read(ctx, shell{device}, answers).Status)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Redmi Note 10 with MIUI V14.0.9.0.SKGMIXM
	// IMEI 868732053538038
	// IMEI 868732053538046
	// MEID unknown: ro.ril.oem.meid is not there
	// account.mi.signed-out is set
	// lock.find-device.off is set
}

// withEmulated runs an example on an emulated handset.
func withEmulated(profile string, example func(*adb.Device) error) error {
	p, err := adbtest.Load(profile)
	if err != nil {
		return err
	}
	h := adbtest.New(p)
	s, err := adbtest.NewServer("", h)
	if err != nil {
		return err
	}
	client, err := adb.New(adb.Options{Addr: s.Addr()})
	if err == nil {
		err = example(client.Device(h.Serial()))
	}
	return errors.Join(err, s.Close(), h.Close())
}
