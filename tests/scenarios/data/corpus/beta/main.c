#include <stdio.h>
#if 0
#include <gone.h>
#endif
#ifdef WITH_ZLIB
#include <zlib.h>
#endif
