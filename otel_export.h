/* otel_export.h - sends what otel.h recorded. */
/* Merged from the parts in src/export by amalgamate.py: edit those, then `make headers`. */
#ifndef OTEL_EXPORT_H_
#define OTEL_EXPORT_H_
#include "otel.h"

/* ---- export.h -------------------------------------------------------------------------------------------------- */

/* ==== implementation ============================================================================================ */

#endif /* OTEL_EXPORT_H_ */
