#include <fmt/format.h>

#include <base/text.hpp>
#include <limits>
#include <model/benchmarks/confirmations.hpp>

namespace resident {

std::string SpeedConfirmation::words() const {
  const std::string reruns = plural(runs, "rerun");
  const std::string size = fmt::format("{:.3f} × [{:.3f}–{:.3f}]", ratio, low, high);
  if (verdict == "confirmed") return fmt::format("{} {} it: {}", reruns, runs == 1 ? "confirms" : "confirm", size);
  if (is_refuted()) return fmt::format("not seen in {} ({:.1f} % sure)", reruns, 100 * probability);
  return fmt::format("{} did not settle it: {}", reruns, size);
}

std::map<std::string, SpeedConfirmation> speed_confirmations(const Context& context) {
  std::map<std::string, SpeedConfirmation> newest;
  // Unless a moment was asked for, all: results may end days before what reruns said of them.
  const Parameters parameters{{"project", context.project_id},
                              {"until", context.asked ? context.as_of : std::numeric_limits<Timestamp>::max()}};
  for (const auto rows = context.database.query(
           "SELECT sha, verdict, series, confirmed_at, ratio, low, high, probability, runs FROM speed_confirmation "
           "WHERE project_id = :project AND confirmed_at <= :until ORDER BY confirmed_at",
           parameters);
       rows->next();)
    newest[rows->string(0)] = {rows->string(1), rows->string(2), rows->integer(3), rows->number(4),
                               rows->number(5), rows->number(6), rows->number(7),  rows->integer(8)};
  return newest;
}

}  // namespace resident
