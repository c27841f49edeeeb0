// The answers of `resident stats`: what survival methods say about a table of (time,
// status, covariates), as JSON that can be held against other software figure by figure.
// docs/guide/statistics.md states what each field is.
#pragma once

#include <base/data_table.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace resident {

struct SurvivalQuestion {
  std::string time = "time", status = "status";
  std::string by;       // column of groups; "": `group` where there is one
  std::string cluster;  // column; "": `cluster` where there is one
  std::string stratum;  // column; "": `strata` where there is one
  std::string cause;    // of finegray: the event; "": the first
  std::string ties = "efron";
  std::string scale;  // of intervals: log, log-log, plain; "": log, as R's default
  double confidence = 0.95;
  double limit = 0;  // of the restricted mean; 0: the longest time observed
};

// method: km, cox, aalen-johansen or finegray. Throws Error{usage} where the table does not answer it.
nlohmann::ordered_json survival_answer(const std::string& method, const DataTable& table,
                                       const SurvivalQuestion& question);

}  // namespace resident
