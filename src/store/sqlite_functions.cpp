// Functions that PostgreSQL has or is given (schema/postgres_functions.sql), for SQLite.
#include <sqlite3.h>

#include <base/time.hpp>
#include <new>
#include <stats/quantile.hpp>
#include <string>
#include <vector>

namespace resident {

namespace {

struct QuantileState {
  double p;
  std::vector<double>* values;
};

void quantile_step(sqlite3_context* context, int, sqlite3_value** arguments) {
  auto* state = static_cast<QuantileState*>(sqlite3_aggregate_context(context, sizeof(QuantileState)));
  if (!state) return sqlite3_result_error_nomem(context);
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  if (!state->values) state->values = new (std::nothrow) std::vector<double>;
  if (!state->values) return sqlite3_result_error_nomem(context);
  state->p = sqlite3_value_double(arguments[1]);
  state->values->push_back(sqlite3_value_double(arguments[0]));
}

void quantile_final(sqlite3_context* context) {
  auto* state = static_cast<QuantileState*>(sqlite3_aggregate_context(context, 0));
  if (!state || !state->values) return sqlite3_result_null(context);
  const auto result = stats::quantile(*state->values, state->p);
  delete state->values;
  state->values = nullptr;
  sqlite3_result_double(context, result.value_or(0));
}

template <Timestamp (*function)(Timestamp)>
void time_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
  sqlite3_result_int64(context, function(sqlite3_value_int64(arguments[0])));
}

template <std::string (*function)(Timestamp)>
void format_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
  const std::string text = function(sqlite3_value_int64(arguments[0]));
  sqlite3_result_text(context, text.c_str(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

// As PostgreSQL's: nulls do not count.
template <int sign>
void extreme_function(sqlite3_context* context, int count, sqlite3_value** arguments) {
  sqlite3_value* best = nullptr;
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(arguments[i]) == SQLITE_NULL) continue;
    if (!best || sign * (sqlite3_value_double(arguments[i]) - sqlite3_value_double(best)) > 0) best = arguments[i];
  }
  if (best) {
    sqlite3_result_value(context, best);
  } else {
    sqlite3_result_null(context);
  }
}

}  // namespace

void register_functions(sqlite3* handle) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  const auto scalar = [&](const char* name, int arguments, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    sqlite3_create_function_v2(handle, name, arguments, flags, nullptr, function, nullptr, nullptr, nullptr);
  };
  scalar("day_start", 1, time_function<start_of_day>);
  scalar("week_start", 1, time_function<start_of_week>);
  scalar("month_start", 1, time_function<start_of_month>);
  scalar("year_start", 1, time_function<start_of_year>);
  scalar("iso_date", 1, format_function<format_date>);
  scalar("iso_month", 1, format_function<format_month>);
  scalar("greatest", -1, extreme_function<1>);
  scalar("least", -1, extreme_function<-1>);
  sqlite3_create_function_v2(handle, "quantile", 2, flags, nullptr, nullptr, quantile_step, quantile_final, nullptr);
}

}  // namespace resident
