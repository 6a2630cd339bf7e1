// What glibc's Swift overlay lacks, as plain functions. `_GNU_SOURCE` is defined in CLinux.c alone.
#pragma once
