#include "CLinux.h"
typedef int clinux_translation_unit;
