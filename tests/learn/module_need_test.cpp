// Need of modules from made-up work whose truth is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <learn/module_need.hpp>
#include <stats/random.hpp>

namespace resident {

namespace {

constexpr std::size_t kQuarters = 40;
constexpr Timestamp kMoment = 1'700'006'400;

ModuleWork empty_work(std::size_t modules, bool has_items = true) {
  ModuleWork work;
  work.moment = kMoment;
  work.quarters = kQuarters;
  work.has_items = has_items;
  for (std::size_t i = 0; i < modules; ++i) {
    auto& module = work.modules.emplace_back();
    module.name = "module" + std::to_string(i);
    module.stands = true;
    for (auto* series : {&module.arrivals, &module.resolved, &module.open, &module.changes, &module.hours})
      series->assign(kQuarters, 0);
  }
  return work;
}

void add_hours(ModuleWork& work, std::size_t module, std::int64_t person, std::size_t quarter, double hours) {
  auto& into = work.modules[module];
  into.hours[quarter] += hours;
  auto found = std::find_if(into.workers.begin(), into.workers.end(),
                            [&](const auto& worker) { return worker.person == person; });
  if (found == into.workers.end()) found = into.workers.insert(into.workers.end(), {person, {}, {}});
  // Quarters have to rise; tests add them from old to new.
  found->quarters.insert(found->quarters.begin(), static_cast<std::uint8_t>(quarter));
  found->hours.insert(found->hours.begin(), hours);
  work.active[person] |= std::uint64_t{1} << quarter;
}

// Each module is cared for by one person at a time. When one leaves, half a year passes before another comes; while
// somebody leaves there are signs: no hours in the quarter before. What comes stays the same.
ModuleWork project_with_leavers(std::uint64_t seed, std::size_t modules = 30) {
  stats::Random random(seed);
  ModuleWork work = empty_work(modules);
  for (std::size_t i = 0; i < modules; ++i) {
    std::int64_t person = static_cast<std::int64_t>(100 * i + 1);
    int without = static_cast<int>(random.below(4));
    double open = 10;
    for (std::size_t quarter = kQuarters; quarter-- > 0;) {
      auto& module = work.modules[i];
      const auto came = static_cast<double>(random.poisson(8));
      double hours = 0;
      if (without > 0) {
        if (--without == 0) ++person;
      } else {
        hours = random.uniform(30, 50);
        if (random.chance(0.12)) without = 6;  // the last of their quarters: gone for a year and a half
      }
      module.arrivals[quarter] = came;
      module.resolved[quarter] = std::round(hours / 5);
      open = std::max(0.0, open + came - module.resolved[quarter]);
      module.open[quarter] = open;
      if (hours > 0) add_hours(work, i, person, quarter, hours);
    }
  }
  return work;
}

// Nothing tells what comes next: hours and items are drawn anew in each quarter.
ModuleWork project_of_chance(std::uint64_t seed, std::size_t modules = 30) {
  stats::Random random(seed);
  ModuleWork work = empty_work(modules);
  for (std::size_t i = 0; i < modules; ++i)
    for (std::size_t quarter = kQuarters; quarter-- > 0;) {
      work.modules[i].arrivals[quarter] = static_cast<double>(random.poisson(8));
      work.modules[i].resolved[quarter] = 8;
      add_hours(work, i, static_cast<std::int64_t>(i + 1), quarter, random.uniform(20, 60));
    }
  return work;
}

// That somebody left is told from what stays; it is not asked to beat the base rate by much: nothing here says who
// comes back.
TEST(ModuleNeed, IsLearntFromThePast) {
  const NeedModel model = learn_module_need(project_with_leavers(1), 365);
  ASSERT_TRUE(model.why_not.empty()) << model.why_not;
  EXPECT_GT(model.backtest.cases.size(), 200u);
  EXPECT_LT(model.backtest.calibration_error, 0.15);
  EXPECT_GT(model.backtest.skill, -0.02);
}

TEST(ModuleNeed, IsMoreWhereWhoCaredIsGone) {
  ModuleWork work = project_with_leavers(2);
  const NeedModel model = learn_module_need(work, 365, false);
  double gone = 0, here = 0;
  int gone_count = 0, here_count = 0;
  for (std::size_t i = 0; i < work.modules.size(); ++i) {
    const ModuleNeed* need = model.find(work.modules[i].name);
    ASSERT_TRUE(need && need->is_said());
    EXPECT_GE(need->probability, 0);
    EXPECT_LE(need->probability, 1);
    EXPECT_LE(need->supplied.low, need->supplied.high);
    const auto& hours = work.modules[i].hours;
    (hours[0] == 0 ? gone : here) += need->probability;
    ++(hours[0] == 0 ? gone_count : here_count);
  }
  ASSERT_GT(gone_count, 3);
  ASSERT_GT(here_count, 3);
  EXPECT_GT(gone / gone_count, here / here_count + 0.1);
}

// Of projects in which nothing can be known, few may be called known: 2.5 % by the interval, with room for chance.
TEST(ModuleNeed, IsNotTrustedWhereThereIsNothingToKnow) {
  int trusted = 0;
  constexpr int kProjects = 40;
  for (std::uint64_t seed = 0; seed < kProjects; ++seed)
    trusted += learn_module_need(project_of_chance(100 + seed), 365).is_trusted();
  EXPECT_LE(trusted, 4);
}

// What happens after a moment must not change what was said at it.
TEST(ModuleNeed, KnowsNothingOfTheFuture) {
  const ModuleWork work = project_with_leavers(3);
  const NeedModel model = learn_module_need(work, 365);
  constexpr std::size_t kOrigin = 12;  // quarters before now
  const Timestamp moment = kMoment - static_cast<Timestamp>(kOrigin) * kWorkQuarter;
  ModuleWork changed = work;
  for (auto& module : changed.modules) {
    for (std::size_t quarter = 0; quarter < kOrigin; ++quarter) {
      module.arrivals[quarter] = 500, module.resolved[quarter] = 0, module.open[quarter] = 9999;
      module.hours[quarter] = 0;
    }
    for (auto& worker : module.workers)
      while (!worker.quarters.empty() && worker.quarters.front() < kOrigin) {
        worker.quarters.erase(worker.quarters.begin());
        worker.hours.erase(worker.hours.begin());
      }
    std::erase_if(module.workers, [](const auto& worker) { return worker.quarters.empty(); });
  }
  for (auto& [person, quarters] : changed.active) quarters &= ~((std::uint64_t{1} << kOrigin) - 1);
  const NeedModel other = learn_module_need(changed, 365);
  std::size_t compared = 0, outcomes_differ = 0;
  for (const auto& one : model.backtest.cases)
    for (const auto& two : other.backtest.cases) {
      if (one.module != two.module || one.at != two.at || one.at > moment) continue;
      EXPECT_EQ(one.probability, two.probability) << one.module;
      EXPECT_EQ(one.base, two.base);
      EXPECT_EQ(one.is_named, two.is_named);
      outcomes_differ += one.fell_short != two.fell_short;
      ++compared;
    }
  EXPECT_GT(compared, 60u);
  EXPECT_GT(outcomes_differ, 0u);  // the future did change
}

TEST(ModuleNeed, IsNotSaidOfTooLittle) {
  ModuleWork work = empty_work(3);
  for (std::size_t quarter = kQuarters; quarter-- > 0;) {
    add_hours(work, 0, 1, quarter, 10);
    work.modules[0].arrivals[quarter] = work.modules[0].resolved[quarter] = 2;
  }
  const NeedModel model = learn_module_need(work, 365);
  EXPECT_NE(model.why_not, "");  // one module is no past
  ASSERT_NE(model.find("module1"), nullptr);
  EXPECT_NE(model.find("module1")->why_not, "");
  EXPECT_FALSE(model.is_trusted());
}

TEST(ModuleNeed, WithoutATrackerHoldsToTheUsualPace) {
  ModuleWork work = project_with_leavers(4);
  work.has_items = false;
  for (auto& module : work.modules) module.resolved = module.arrivals;
  const NeedModel model = learn_module_need(work, 365, false);
  const ModuleNeed* need = model.find("module0");
  ASSERT_TRUE(need && need->is_said());
  EXPECT_EQ(need->needed.low, need->needed.high);  // known at the moment
}

TEST(ModuleWork, IsKeptAsItIs) {
  const ModuleWork work = project_with_leavers(5);
  const std::string bytes = pack_module_work(work);
  EXPECT_EQ(pack_module_work(unpack_module_work(bytes)), bytes);
  EXPECT_THROW(unpack_module_work(bytes.substr(0, bytes.size() / 2)), Error);
  EXPECT_THROW(unpack_module_work("x"), Error);
}

}  // namespace

}  // namespace resident
