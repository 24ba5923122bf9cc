/* What mklog calls people and small domains. */
#ifndef MKLOG_NAMES_H
#define MKLOG_NAMES_H

static const char *const first_names[64] = {
	"anna", "ben", "carla", "david", "elena", "felix", "greta", "hugo", "ines", "jan", "karin", "lars", "maria", "nils", "olga", "paul",
	"rosa", "sven", "tina", "uwe", "vera", "walter", "xenia", "yann", "zoe", "alex", "britta", "clara", "dieter", "emma", "frank", "gita",
	"hans", "ivan", "julia", "kai", "laura", "marc", "nora", "otto", "petra", "ralf", "sara", "tom", "ulla", "viktor", "wanda", "amir",
	"bela", "chris", "dora", "erik", "fiona", "gerd", "heike", "igor", "jette", "kurt", "lena", "mona", "noah", "oskar", "pia", "rene",
};

static const char *const last_names[64] = {
	"adler", "bauer", "conrad", "decker", "ernst", "fuchs", "graf", "haas", "ilic", "jung", "keller", "lang", "maier", "neumann", "ott", "peters",
	"quast", "roth", "schulz", "thiel", "ulrich", "vogel", "weber", "xander", "yilmaz", "zimmer", "arnold", "becker", "cordes", "dietz", "ebert", "falk",
	"gross", "heine", "ihde", "jansen", "krause", "lorenz", "moser", "nagel", "oster", "pohl", "rausch", "seidel", "tamm", "unger", "voss", "winter",
	"abel", "brandt", "clemens", "dorn", "engel", "frey", "gruber", "horn", "imhof", "jost", "kern", "lutz", "marx", "noll", "opitz", "paulsen",
};

static const char *const words[32] = {
	"alder", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "iris", "juniper", "kestrel", "lagoon", "maple", "north", "orchid", "pine",
	"quartz", "river", "stone", "tulip", "umber", "valley", "willow", "yarrow", "zephyr", "amber", "basalt", "copper", "dune", "eagle", "falcon", "granite",
};

#endif
