#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The gates pass a clean tree and catch each fault that is planted in it.
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh

top=$PWD
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp -r scripts "$tree"
mkdir -p "$tree/core" "$tree/platform/linux" "$tree/platform/sim" "$tree/firmware"
cd "$tree" || exit 1
git init -q .
spdx='// SPDX-License-Identifier: Apache-2.0'
CC="cc -I. -Os"
export CC

# plant FILE: the standard input, behind an SPDX line
plant() {
	{ echo "$spdx"; cat; } > "$1"
}

# catches GATE WORDS FAULT: the gate ends badly and says the words
catches() {
	! "$1" > said 2>&1 && grep -q "$2" said
	status=$?
	[ $status = 0 ] || cat said
	verdict $status "$1 catches $3"
	rm -f said
}

passes() {
	"$1" > said 2>&1
	status=$?
	[ $status = 0 ] || cat said
	verdict $status "$1 passes $2"
	rm -f said
}

clean_core() {
	rm -f core/* platform/*.h platform/linux/* platform/sim/* firmware/*
	plant core/sum.h <<-'END'
		#include <stdint.h>
		uint32_t sum(const char *text);
	END
	plant core/sum.c <<-'END'
		#include <string.h>
		#include "core/sum.h"
		static const char *const words[] = { "double", "float" };
		uint32_t sum(const char *text)
		{
			return (uint32_t)strlen(words[*text & 1]);	/* double care */
		}
	END
}

# --- style -------------------------------------------------------------------------
style() { scripts/style.sh; }

clean_core
passes style 'a clean tree'
sed -i 1d core/sum.c
catches style 'core/sum.c' 'a file without SPDX line'
clean_core
{ printf 'void f(void);\nvoid f(void)\n{\n'; seq -f '	/* %g */' 61; echo '}'; } | plant core/long.c
catches style 'core/long.c:4: 61' 'a function of 61 lines'
clean_core
printf '/* %097d */\n' 0 | plant core/wide.c
catches style 'core/wide.c:2: 103' 'a line that is too wide'
clean_core
printf '\t\t\t\t\t\t\t\t\t\t\t/* a comment */\n' | plant core/wide.c
catches style 'core/wide.c:2: 103' 'a line that tabs make too wide'
clean_core
printf 'int f(void); \n' | plant core/blank.h
catches style 'core/blank.h:2' 'a blank at the end of a line'
clean_core
echo 'int f(char *a); int f(char *a) { return sprintf(a, "x"); }' | plant core/call.c
catches style 'forbidden' 'a forbidden call'
clean_core
echo 'void *f(void); void *f(void) { return malloc(1); }' | plant core/memory.c
catches style 'allocates' 'an allocation in core/'
clean_core
echo 'int f(int a); int f(int a) { return (int)(a * (double)2); }' | plant firmware/half.c
catches style 'integers only' 'the word double in the agent'
clean_core
echo 'int f(uint32_t a);' | plant platform/platform.h
catches style 'stand alone' 'a header that does not stand alone'
clean_core
echo '/* TODO: more */' | plant core/later.c
catches style 'unfinished' 'a comment about unfinished work'
clean_core
mkdir -p build/second
echo 'build/' > .gitignore
printf 'double d;\n' > build/second/made.c
passes style 'a tree with made files in an ignored folder'
rm -rf build .gitignore

# --- layers ----------------------------------------------------------------------------
layers() {
	rm -f ./*.o
	for file in core/*.c; do
		$CC -fno-common -c -o "$(basename "$file" .c).o" "$file" || return 0
	done
	scripts/layers.sh objdump ./*.o
}

clean_core
passes layers 'a clean tree'
echo 'long time(long *); long f(void); long f(void) { return time(0); }' | plant core/call.c
catches layers 'time in call.o' 'a call of the operating system'
clean_core
echo 'int f(void); int f(void) { static int n; return n++; }' | plant core/variable.c
catches layers 'in variable.o' 'a variable inside a function'
clean_core
echo 'extern int shared; int shared = 1;' | plant core/variable.c
catches layers 'shared in variable.o' 'a variable that others see'
clean_core
echo '#include <unistd.h>' | plant core/call.c
catches layers 'core/call.c:2' 'a header of the operating system in core/'
clean_core
echo '#include "platform/platform.h"' | plant core/other.h
catches layers 'core/other.h:2' 'core/ that includes the platform'
clean_core
echo '#include "platform/sim/sim.h"' | plant platform/linux/net.c
catches layers 'platform/linux/net.c:2' 'linux/ that includes sim/'
clean_core
echo '#include "platform/linux/tls.h"' | plant platform/sim/net.c
catches layers 'platform/sim/net.c:2' 'sim/ that includes linux/'
clean_core
echo '#include "platform/linux/tls.h"' | plant firmware/main.c
catches layers 'firmware/main.c:2' 'firmware/ that includes a platform'

# --- floating point ----------------------------------------------------------------------
float() { scripts/float.sh mips-linux-gnu-objdump code.o; }

echo 'int f(int a); int f(int a) { return (int)(a * 1.5); }' > code.c
mips-linux-gnu-gcc -Os -msoft-float -c code.c 2> /dev/null
catches float '__muldf3' 'a helper for floating point'
mips-linux-gnu-gcc -Os -mhard-float -c code.c 2> /dev/null
catches float 'mul.d' 'an instruction of the FP unit'
echo 'int f(int a); int f(int a) { return a * 3 / 2; }' > code.c
mips-linux-gnu-gcc -Os -msoft-float -c code.c
passes float 'integers'

# --- size ------------------------------------------------------------------------------------
small() { scripts/size.sh readelf "$program" 100000; }

echo 'int main(void) { return 0; }' > main.c
program=dynamic
cc -o $program main.c
catches small 'interpreter' 'a binary that is not static'
program=large
cc -static -o $program main.c
catches small 'of at most 100000' 'a binary that is too large'

cd "$top" || exit 1
sums
