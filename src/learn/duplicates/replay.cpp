#include <algorithm>
#include <base/error.hpp>
#include <learn/duplicates/replay.hpp>
#include <limits>

namespace resident::duplicates {

namespace {

constexpr Timestamp kNever = std::numeric_limits<Timestamp>::max();
constexpr std::size_t kSampled = 1500;         // issues that the calibration is learnt from
constexpr std::size_t kSampledCandidates = 3;  // of each, the best
constexpr std::size_t kLessons = 400;          // the latest duplicates that the weights are learnt from
constexpr std::size_t kFewest = 5;             // duplicates below which nothing is learnt
constexpr double kGrowth = 1.1;                // learnt anew when so many times more is known
constexpr std::size_t kLessonCandidates = 50;

}  // namespace

Replay::Replay(const std::vector<KnownDuplicate>& known, bool with_meaning)
    : with_meaning_(with_meaning), weights_(built_in_weights(with_meaning)) {
  for (const auto& each : known) {
    known_[each.item_id].push_back(each);
    marks_.push_back(each.known_at);
  }
  std::sort(marks_.begin(), marks_.end());
}

std::vector<text::Candidate> Replay::candidates(const text::ItemIndex::Document& asking, const text::Meaning& meaning,
                                                std::size_t before) const {
  if (!with_meaning_) return index_.candidates(asking, kCandidates, before);
  const auto near = meanings_.near(meaning, kNearest, before);
  auto found = index_.candidates(asking, kCandidates, before, near.documents);
  for (auto& candidate : found) candidate.signals[text::meaning] = near.above_usual(candidate.document);
  return found;
}

std::optional<std::vector<Ranked>> Replay::next(const text::ItemText& item, bool wanted, const text::Meaning& meaning) {
  const auto found = known_.find(item.item_id);
  const bool is_duplicate = found != known_.end(), sampled = seen_ % stride_ == 0;
  // When it is learnt must depend on nothing but what is known, or later marks would move earlier suggestions.
  const auto known_now =
      static_cast<std::size_t>(std::lower_bound(marks_.begin(), marks_.end(), item.created_at) - marks_.begin());
  if (known_now >= kFewest && static_cast<double>(known_now) >= kGrowth * static_cast<double>(learnt_at_))
    learn_until(item.created_at);
  auto document = index_.read(item);
  std::optional<std::vector<Ranked>> result;
  if (wanted || is_duplicate || sampled) {
    const auto found_now = candidates(document, meaning, index_.size());
    if (wanted) result = rank(found_now);
    Lesson lesson;
    lesson.place = seen_;
    lesson.sampled = sampled;
    lesson.is_duplicate = is_duplicate;
    for (const auto& candidate : found_now) {
      Timestamp since = kNever;
      if (is_duplicate)
        for (const auto& each : found->second)
          if (each.of == index_.document(candidate.document).item_id) since = std::min(since, each.known_at);
      // No exception for what will turn out right: that would be a leak.
      if (candidate.by_words && lesson.choice.candidates.size() >= kLessonCandidates) continue;
      lesson.choice.candidates.push_back(candidate.signals);
      lesson.right_since.push_back(since);
    }
    lessons_.push_back(std::move(lesson));
    if (sampled && ++sampled_ > kSampled) thin_sample();
  }
  ++seen_;
  index_.add(std::move(document));
  if (with_meaning_) meanings_.add(meaning);
  return result;
}

// Every other one of the sample is enough from here on: it must not depend on how many will come.
void Replay::thin_sample() {
  stride_ *= 2;
  sampled_ = 0;
  for (Lesson& lesson : lessons_) {
    lesson.sampled = lesson.sampled && lesson.place % stride_ == 0;
    sampled_ += lesson.sampled ? 1 : 0;
  }
  std::erase_if(lessons_, [](const Lesson& lesson) { return !lesson.sampled && !lesson.is_duplicate; });
}

void Replay::learn_until(Timestamp moment) {
  learnt_at_ = static_cast<std::size_t>(std::lower_bound(marks_.begin(), marks_.end(), moment) - marks_.begin());
  std::vector<Choice> choices;
  for (auto lesson = lessons_.rbegin(); lesson != lessons_.rend() && choices.size() < kLessons; ++lesson) {
    if (!lesson->is_duplicate) continue;
    lesson->choice.right.assign(lesson->right_since.size(), false);
    bool any = false;
    for (std::size_t i = 0; i < lesson->right_since.size(); ++i)
      if (lesson->right_since[i] < moment) lesson->choice.right[i] = any = true;
    if (any) choices.push_back(lesson->choice);
  }
  used_ = choices.size();
  if (used_ < kFewest) return;
  weights_ = learn(choices, built_in_weights(with_meaning_), with_meaning_);
  std::vector<std::pair<double, bool>> scores;
  for (const Lesson& lesson : lessons_) {
    if (!lesson.sampled) continue;
    std::vector<std::pair<double, bool>> best;
    for (std::size_t i = 0; i < lesson.choice.candidates.size(); ++i)
      best.emplace_back(weigh(lesson.choice.candidates[i], weights_), lesson.right_since[i] < moment);
    std::sort(best.rbegin(), best.rend());
    best.resize(std::min(best.size(), kSampledCandidates));
    scores.insert(scores.end(), best.begin(), best.end());
  }
  calibration_ = calibrate(scores, Calibration());
}

void Replay::settle(Timestamp moment) {
  learn_until(moment);
  index_.stop_counting();
  lessons_.clear();
}

void Replay::add(const text::ItemText& item, const text::Meaning& meaning) {
  index_.add(index_.read(item));
  if (with_meaning_) meanings_.add(meaning);
}

std::string Replay::pack() const {
  Packer packer;
  for (const double weight : weights_) packer.number(weight);
  packer.number(calibration_.slope);
  packer.number(calibration_.offset);
  packer.whole(used_);
  index_.pack(packer);
  packer.whole(with_meaning_ ? 1 : 0);
  if (with_meaning_) meanings_.pack(packer);
  return packer.take();
}

Replay Replay::unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Replay replay;
  for (double& weight : replay.weights_) weight = unpacker.number();
  replay.calibration_.slope = unpacker.number();
  replay.calibration_.offset = unpacker.number();
  replay.used_ = unpacker.whole();
  replay.index_ = text::ItemIndex::unpack(unpacker);
  replay.with_meaning_ = unpacker.whole() != 0;
  if (replay.with_meaning_) {
    replay.meanings_ = text::MeaningIndex::unpack(unpacker);
    if (replay.meanings_.size() != replay.index_.size()) throw Error("kept meanings are not those of the issues");
  }
  unpacker.finish();
  replay.index_.stop_counting();
  return replay;
}

std::vector<Ranked> Replay::rank(const std::vector<text::Candidate>& candidates) const {
  std::vector<Ranked> result;
  result.reserve(candidates.size());
  for (const auto& candidate : candidates) {
    const double score = weigh(candidate.signals, weights_);
    result.push_back({candidate.document, score, calibration_(score), candidate.signals});
  }
  std::stable_sort(result.begin(), result.end(), [](const Ranked& a, const Ranked& b) { return a.score > b.score; });
  return result;
}

std::vector<Ranked> Replay::ask(const text::ItemIndex::Document& asking, std::size_t before,
                                const text::Meaning& meaning) const {
  return rank(candidates(asking, meaning, before));
}

}  // namespace resident::duplicates
