/* otel_export.h - sends what otel.h recorded. */
#ifndef OTEL_EXPORT_EXPORT_H
#define OTEL_EXPORT_EXPORT_H
#include "../otel/otel.h"
/*@names@*/
/*== implementation ==*/
#endif
