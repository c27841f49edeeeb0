// How people take part over the years: when they came, on which days they did something, and in which layer of the
// onion they stood at the end of each month. The onion, the funnel, who has grown quiet and who could succeed all read
// it here, so that a word means the same on every page.
//
// The layers look at the twelve months that end with the month:
//   core        the fewest people who together did 80 % of the work (commits, merge commits, reviews; all acts where
//               the store has none of these), all who tie with the last of them, and active in so many of the months
//               as regulars are. The share: A. Mockus, R. Fielding, J. Herbsleb, "Two Case Studies of Open Source
//               Software Development", TOSEM 11 (2002); K. Crowston, K. Wei, Q. Li, J. Howison, "Core and Periphery
//               in Free/Libre and Open Source Software Team Communications", HICSS (2006) compares it with others.
//   regular     active in 4 of the twelve months or more
//   drive-by    all that they ever did lies within 30 days (R. Pham et al., "Creating a Shared Understanding of
//               Testing Culture on a Social Coding Site", ICSE 2013, for the word)
//   occasional  everybody else who did anything in the twelve months
// The layers themselves: K. Crowston and J. Howison, "The Social Structure of Free and Open Source Software
// Development", First Monday 10 (2005). 4 months and 30 days are ours, and parameters.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <model/open_items.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct LayerRule {
  double core_share = 0.8;
  int regular_months = 4, drive_by_days = 30;
};

enum class Layer { away, drive_by, occasional, regular, core };
inline constexpr std::size_t kLayers = 5;
std::string_view name_of(Layer layer);

// Months are counted since the year 0: 12 × year + month − 1.
int month_of(Timestamp at);
Timestamp start_of(int month);
inline bool ends_quarter(int month) {
  return month % 3 == 2;
}
std::string quarter_name(int month);  // "2026Q3"

struct Career {
  std::int64_t person = 0;
  Timestamp first = 0, last = 0;
  std::vector<std::int64_t> days;                    // on which they did anything: since 1970, in order
  std::vector<std::pair<int, std::int64_t>> months;  // with any act, and the work done in it
  std::optional<Timestamp> came_again;               // first act after the days of a drive-by
  std::optional<Timestamp> became_regular;           // first act in a month that makes them regular
  std::optional<Timestamp> became_core;              // end of the first month at which they were
  std::vector<std::pair<int, Layer>> carried;        // month ends at which they were regular or core
};

struct LayerStanding {
  std::size_t career = 0;
  Layer layer = Layer::away;
  std::int64_t work = 0;  // of the twelve months
};

class Careers {
 public:
  Careers(const Context& context, const People& people, LayerRule rule = {});

  // In order of person. Bots, deleted accounts and what was locked as spam are nobody's.
  const std::vector<Career>& all() const { return careers_; }
  const LayerRule& rule() const { return rule_; }
  bool empty() const { return careers_.empty(); }
  std::int64_t acts() const { return acts_; }
  int first_month() const { return first_month_; }
  int last_month() const { return last_month_; }  // the last that had ended; before first_month(): none had
  std::optional<int> last_quarter() const;        // its last month

  // Month by month, those who did anything in the twelve months before its end; with other lines drawn, if asked.
  using Visit = std::function<void(int month, const std::vector<LayerStanding>& standings)>;
  void replay(const Visit& visit) const { replay(visit, rule_); }
  void replay(const Visit& visit, const LayerRule& rule) const;
  // Whether those first seen in the quarter that begins then have come in it, for all the store can tell: not in the
  // year after one kind of its records (code, tracker, channels) begins.
  bool are_newcomers(Timestamp quarter) const;
  std::string starts_text() const;  // "code from 2013-03-01, the tracker from 2014-01-07"
  std::string rule_text() const;    // for definitions

 private:
  void load(const Context& context, const People& people);
  void find_stages();

  struct Start {
    std::string what;
    Timestamp at;
  };

  LayerRule rule_;
  std::vector<Career> careers_;
  std::vector<Start> starts_;
  std::int64_t acts_ = 0;
  bool has_work_ = false;
  int first_month_ = 0, last_month_ = -1;
};

// The same for all sections of a page.
std::shared_ptr<const Careers> shared_careers(const Context& context, const People& people, LayerRule rule);

// From whole year to whole year back from a month: in which layer people stood, and in which a year later.
struct LayerMoves {
  std::array<std::array<std::int64_t, kLayers>, kLayers> counts{};  // [then][a year later]
  int years = 0;
  std::int64_t of(Layer then) const;
  std::int64_t gone(Layer then) const { return counts[static_cast<std::size_t>(then)][0]; }
};
LayerMoves yearly_moves(const Careers& careers);

// The parameters of the layers, as given: --regular-months, --core-share. Throws Error{usage}.
LayerRule layer_rule(const Context& context);

}  // namespace resident
