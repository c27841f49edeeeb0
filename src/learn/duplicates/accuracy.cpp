// `resident accuracy duplicates`: every known duplicate asked about at the moment it was written.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <framework/accuracy.hpp>
#include <learn/duplicates/meanings.hpp>
#include <learn/duplicates/replay.hpp>
#include <map>
#include <text/bm25.hpp>

namespace resident {

namespace {

constexpr std::size_t kShown = 20;
constexpr std::uint32_t kAsOften = 1000;
constexpr std::size_t kCalibrated = 3000;  // issues, duplicates or not, that the probabilities are checked on

// BM25 over lower-case words of title × 3 and body, each word of the asking text as often as it stands there: what
// others do.
class PlainWay {
 public:
  std::vector<std::size_t> ask(const text::ItemText& item, std::size_t most) {
    const auto words = count(item);
    std::vector<double> scores(size_);
    std::vector<std::uint32_t> touched;
    index_.score(words, size_, 1, kAsOften, scores, touched);
    std::sort(touched.begin(), touched.end(),
              [&](auto a, auto b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
    if (touched.size() > most) touched.resize(most);
    return {touched.begin(), touched.end()};
  }
  void add(const text::ItemText& item) {
    index_.add(count(item));
    ++size_;
  }

 private:
  WordCounts count(const text::ItemText& item) {
    std::vector<std::string> words;
    for (int i = 0; i < 3; ++i) take(item.title, words);
    take(item.body, words);
    return vocabulary_.count(words);
  }
  static void take(std::string_view text, std::vector<std::string>& words) {
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : ' ';
      const bool is_upper = c >= 'A' && c <= 'Z';
      if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        word += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
      } else if (!word.empty()) {
        words.push_back(std::move(word));
        word.clear();
      }
    }
  }

  Vocabulary vocabulary_;
  Bm25Index index_;
  std::uint32_t size_ = 0;
};

// How far the probability of the first suggestion is from how often it is right, over issues of all kinds.
AccuracyFigure calibration_figure(const std::vector<std::pair<double, bool>>& chances) {
  const double error = expected_calibration_error(chances);
  return {"expected_calibration_error", error, error, error, std::nullopt, static_cast<std::int64_t>(chances.size())};
}

AccuracyReport run(const Context& context) {
  AccuracyReport report;
  report.task = "duplicates";
  const auto known = duplicates::load_known_duplicates(context);
  std::map<std::int64_t, std::vector<std::int64_t>> truth;
  for (const auto& each : known) truth[each.item_id].push_back(each.of);
  const auto items = duplicates::load_item_texts(context);
  const auto model = duplicates::Meanings::open(context);
  const auto meanings = model ? model->of(items) : std::vector<text::Meaning>(items.size());
  duplicates::Replay replay(known, model != nullptr);
  PlainWay plain;
  const auto name = [](std::int64_t item_id) { return fmt::format("#{}", item_id / 2); };
  std::vector<std::pair<double, bool>> chances;
  const std::size_t stride = items.size() / kCalibrated + 1;
  std::size_t position = 0;
  for (const auto& item : items) {
    const auto found = truth.find(item.item_id);
    const std::size_t place = position++;
    const bool checked = place % stride == 0;
    const auto ranked = replay.next(item, checked || found != truth.end(), meanings[place]);
    if (checked && ranked && !ranked->empty()) {
      const auto& best = ranked->front();
      const std::int64_t suggested = replay.index().document(best.document).item_id;
      const bool so = found != truth.end() && std::count(found->second.begin(), found->second.end(), suggested) > 0;
      chances.emplace_back(best.probability, so);
    }
    if (ranked && found != truth.end()) {
      AccuracyCase one{name(item.item_id), item.created_at, {}, {}, {}};
      for (const auto of : found->second) one.truth.push_back(name(of));
      for (const auto& each : *ranked) {
        if (one.ranked.size() == kShown) break;
        one.ranked.push_back(name(replay.index().document(each.document).item_id));
        one.scores.push_back(each.probability);
      }
      for (const std::size_t document : plain.ask(item, kShown))
        one.baseline.push_back(name(replay.index().document(document).item_id));
      report.cases.push_back(std::move(one));
    }
    plain.add(item);
  }
  report.figures = ranking_figures(report.cases, {1, 5, 10, 20}, true);
  if (!report.cases.empty()) report.figures.push_back(calibration_figure(chances));
  report.definition = fmt::format(
      "Each of the {} issues that the tracker calls a duplicate of an earlier one (of {} issues) is asked about at the "
      "moment it was written, among all earlier issues; truth: those it was marked a duplicate of (events, or "
      "\"duplicate of #N\" said when it was closed; of two marked issues the later one asks). Ranked by BM25F "
      "candidates and a conditional logit, learnt only from duplicates marked before that moment. Baseline: BM25, "
      "title three times and body, k1 1.2, b 0.75, words as often as they stand in the asking report, over the same "
      "earlier issues. Ranks beyond {} count as not found. Texts are as they are worded today: no tracker tells what "
      "they said before they were edited.",
      report.cases.size(), items.size(), kShown);
  if (model) report.definition += model->told();
  if (report.cases.size() > 1) {
    const auto difference = paired_mrr_difference(report.cases);
    report.notes.push_back(
        fmt::format("difference of MRR to the baseline, paired bootstrap: {:+.3f} ({:+.3f} to {:+.3f}), p = {:.3f}",
                    difference.mean, difference.low, difference.high, difference.p_value));
  }
  if (report.cases.empty()) report.notes.push_back("no issue is known to be a duplicate of an earlier one");
  return report;
}

}  // namespace

extern const AccuracyTask duplicates_accuracy;
const AccuracyTask duplicates_accuracy{
    "duplicates", "Would the earlier report of the same thing have been among the suggested?", run};

}  // namespace resident
