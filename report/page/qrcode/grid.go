package qrcode

// grid is a code being drawn. The patterns of a version are dark or light modules that are
// taken; the rest are data.
type grid struct {
	version, size int
	dark, taken   [][]bool // rows
}

func newGrid(version int) *grid {
	g := &grid{version: version, size: 17 + 4*version}
	g.dark, g.taken = rows(g.size), rows(g.size)
	for i := range g.size {
		g.set(i, 6, i%2 == 0)
		g.set(6, i, i%2 == 0)
	}
	for _, at := range [][2]int{{3, 3}, {g.size - 4, 3}, {3, g.size - 4}} {
		g.finder(at[0], at[1])
	}
	centres := alignment(version, g.size)
	for i, x := range centres {
		for j, y := range centres {
			if last := len(centres) - 1; i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder is there
			}
			g.ring(x, y)
		}
	}
	g.format(0) // takes its modules; masked writes them again
	g.set(8, g.size-8, true)
	if version >= 7 {
		g.versionBits()
	}
	return g
}

func rows(size int) [][]bool {
	all := make([]bool, size*size)
	r := make([][]bool, size)
	for y := range r {
		r[y] = all[y*size : (y+1)*size]
	}
	return r
}

func (g *grid) set(x, y int, dark bool) { g.dark[y][x], g.taken[y][x] = dark, true }

func distance(dx, dy int) int { return max(dx, -dx, dy, -dy) }

// finder draws one of the three large squares with its light border.
func (g *grid) finder(x, y int) {
	for dy := -4; dy <= 4; dy++ {
		for dx := -4; dx <= 4; dx++ {
			if xx, yy := x+dx, y+dy; xx >= 0 && xx < g.size && yy >= 0 && yy < g.size {
				d := distance(dx, dy)
				g.set(xx, yy, d != 2 && d != 4)
			}
		}
	}
}

func (g *grid) ring(x, y int) {
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			g.set(x+dx, y+dy, distance(dx, dy) != 1)
		}
	}
}

// alignment returns the centres of the small squares, along either side.
func alignment(version, size int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	step := (version*8 + n*3 + 5) / (n*4 - 4) * 2
	at := make([]int, n)
	at[0] = 6
	for i := 1; i < n; i++ {
		at[i] = size - 7 - (n-1-i)*step
	}
	return at
}

// checked appends the remainder of a division to a value, as format and version have it.
func checked(value, bits, generator int) int {
	rest := value
	for range bits {
		rest = rest<<1 ^ (rest>>(bits-1))*generator
	}
	return value<<bits | rest
}

// format writes level M and the mask, twice.
func (g *grid) format(mask int) {
	v := checked(mask, 10, 0x537) ^ 0x5412
	bit := func(i int) bool { return v>>i&1 == 1 }
	for i := range 6 {
		g.set(8, i, bit(i))
	}
	g.set(8, 7, bit(6))
	g.set(8, 8, bit(7))
	g.set(7, 8, bit(8))
	for i := 9; i < 15; i++ {
		g.set(14-i, 8, bit(i))
	}
	for i := range 8 {
		g.set(g.size-1-i, 8, bit(i))
	}
	for i := 8; i < 15; i++ {
		g.set(8, g.size-15+i, bit(i))
	}
}

func (g *grid) versionBits() {
	v := checked(g.version, 12, 0x1F25)
	for i := range 18 {
		a, b := g.size-11+i%3, i/3
		g.set(a, b, v>>i&1 == 1)
		g.set(b, a, v>>i&1 == 1)
	}
}

// place writes the data in columns of two, upwards and downwards in turn, from the right.
func (g *grid) place(data []byte) {
	i, up := 0, true
	for right := g.size - 1; right > 0; right -= 2 {
		if right == 6 {
			right = 5
		}
		for n := range g.size {
			y := n
			if up {
				y = g.size - 1 - n
			}
			for _, x := range [2]int{right, right - 1} {
				if g.taken[y][x] {
					continue
				}
				if i < 8*len(data) {
					g.dark[y][x] = data[i/8]>>(7-i%8)&1 == 1
				}
				i++
			}
		}
		up = !up
	}
}

// period is how many rows repeat in every mask.
const period = 12

// masks turn modules over; the best one leaves no large areas and no false finders.
var masks = [8]func(x, y int) bool{
	func(x, y int) bool { return (x+y)%2 == 0 },
	func(_, y int) bool { return y%2 == 0 },
	func(x, _ int) bool { return x%3 == 0 },
	func(x, y int) bool { return (x+y)%3 == 0 },
	func(x, y int) bool { return (x/3+y/2)%2 == 0 },
	func(x, y int) bool { return x*y%2+x*y%3 == 0 },
	func(x, y int) bool { return (x*y%2+x*y%3)%2 == 0 },
	func(x, y int) bool { return ((x+y)%2+x*y%3)%2 == 0 },
}

// masked returns the modules under the mask with the least penalty.
func (g *grid) masked() [][]bool {
	drawn := make([]line, g.size) // the data alone can be turned over
	free := make([]line, g.size)
	for y := range g.size {
		for x := range g.size {
			drawn[y].set(x, g.dark[y][x])
			free[y].set(x, !g.taken[y][x])
		}
	}
	best, least := 0, -1
	made := make([]line, g.size)
	for mask, turns := range masks {
		g.format(mask)
		var turned [period]line
		for y := range turned {
			for x := range g.size {
				turned[y].set(x, turns(x, y))
			}
		}
		for y := range made {
			made[y] = drawn[y].xor(turned[y%period].and(free[y]))
		}
		for _, i := range g.formatted() {
			made[i[1]].set(i[0], g.dark[i[1]][i[0]])
		}
		if p := penalty(made); least < 0 || p < least {
			best, least = mask, p
		}
	}
	g.format(best)
	for y, row := range g.dark {
		for x := range row {
			row[x] = row[x] != (!g.taken[y][x] && masks[best](x, y))
		}
	}
	return g.dark
}

// formatted are the modules that format writes.
func (g *grid) formatted() (at [][2]int) {
	for i := range 9 {
		at = append(at, [2]int{8, i}, [2]int{i, 8})
	}
	for i := range 8 {
		at = append(at, [2]int{g.size - 1 - i, 8}, [2]int{8, g.size - 1 - i})
	}
	return at
}
