#include <fmt/format.h>

#include <algorithm>
#include <base/packed.hpp>
#include <framework/learnt.hpp>
#include <map>
#include <model/acts.hpp>
#include <model/module_work.hpp>

namespace resident {

namespace {

constexpr std::string_view kForm = "1", kName = "module_work";

class WorkReader {
 public:
  WorkReader(const Context& context, const People& people, ModulePlaces& places)
      : context_(context), people_(people), places_(places) {
    work_.moment = context.as_of;
    work_.has_items = !places.items().empty();
  }

  ModuleWork read() {
    read_hours();
    read_items();
    read_commits();
    const auto files = places_.map().files();
    for (auto& module : work_.modules) {
      const auto found = files.find(module.name);
      module.stands = found != files.end() && found->second > 0;
    }
    cut();
    return std::move(work_);
  }

 private:
  // Nothing for what lies too far back.
  std::optional<std::size_t> quarter_of(Timestamp at) const {
    if (at >= work_.moment) return 0;  // a clock that was ahead
    const auto quarter = static_cast<std::size_t>((work_.moment - 1 - at) / kWorkQuarter);
    return quarter < kMostQuarters ? std::optional(quarter) : std::nullopt;
  }

  ModuleWork::Module& module(ModulePlaces::Module number) {
    while (work_.modules.size() <= number) {
      ModuleWork::Module& added = work_.modules.emplace_back();
      added.name = places_.names()[work_.modules.size() - 1];
      for (auto* series : {&added.arrivals, &added.resolved, &added.open, &added.changes, &added.hours})
        series->assign(kMostQuarters, 0);
    }
    return work_.modules[number];
  }

  const ModulePlaces::Place* place_of(const Act& act) const {
    if (act.kind == ActKind::post || act.kind == ActKind::merge) return nullptr;
    if (act.kind == ActKind::commit) return places_.commit(act.subject);
    const auto* item = places_.item(act.subject);
    return item && !item->place.modules.empty() ? &item->place : nullptr;
  }

  void read_hours() {
    const std::vector<Act> acts = load_acts(context_, people_);
    std::vector<std::int64_t> moments;
    std::vector<std::map<std::int64_t, std::map<std::uint8_t, double>>> hours;  // module, person, quarter
    for (std::size_t begin = 0, end = 0; begin < acts.size(); begin = end) {
      moments.clear();
      for (; end < acts.size() && acts[end].person == acts[begin].person; ++end) moments.push_back(acts[end].at);
      const std::vector<double> seconds = stats::seconds_before(moments, kWorkSessions);
      for (std::size_t i = begin; i < end; ++i) {
        const double worked = seconds[i - begin] / static_cast<double>(kHour);
        const auto* place = place_of(acts[i]);
        const auto quarter = quarter_of(place ? std::max(acts[i].at, place->known_at) : acts[i].at);
        if (!quarter) continue;
        first_act_ = std::max(first_act_, *quarter + 1);
        work_.active[acts[i].person] |= std::uint64_t{1} << *quarter;
        if (*quarter < kQuartersAYear) {
          work_.hours_all += worked;
          if (place) work_.hours_placed += worked;
        }
        if (!place) continue;
        for (const auto number : place->modules) {
          if (hours.size() <= number) hours.resize(number + 1);
          hours[number][acts[i].person][static_cast<std::uint8_t>(*quarter)] += worked * place->share();
        }
      }
    }
    for (ModulePlaces::Module number = 0; number < hours.size(); ++number) {
      auto& into = module(number);
      for (const auto& [person, by_quarter] : hours[number]) {
        ModuleWork::Worker worker{person, {}, {}};
        for (const auto& [quarter, worked] : by_quarter) {
          worker.quarters.push_back(quarter);
          worker.hours.push_back(worked);
          into.hours[quarter] += worked;
        }
        into.workers.push_back(std::move(worker));
      }
    }
  }

  void read_items() {
    const Timestamp year = work_.moment - 365 * kDay;
    for (const auto& item : places_.items()) {
      if (const auto quarter = quarter_of(item.created_at)) first_item_ = std::max(first_item_, *quarter + 1);
      if (item.created_at < year) continue;
      ++work_.items_all;
      work_.items_placed += !item.place.modules.empty();
    }
    for (const auto rows = context_.database.query("SELECT item_id, opened_at, closed_at FROM item_interval WHERE "
                                                   "project_id = :project AND opened_at <= :as_of",
                                                   context_.parameters());
         rows->next();) {
      const auto* item = places_.item(rows->integer(0));
      if (!item || item->place.modules.empty()) continue;
      const Timestamp opened = std::max(rows->integer(1), item->place.known_at);
      std::optional<Timestamp> closed = rows->optional_integer(2);
      if (closed && *closed > work_.moment) closed.reset();
      if (closed) closed = std::max(*closed, item->place.known_at);
      constexpr std::size_t kNever = kMostQuarters;  // longer ago than is looked at; not closed
      const std::size_t from = quarter_of(opened).value_or(kNever);
      const std::size_t to = closed ? quarter_of(*closed).value_or(kNever) : kNever;
      const double share = item->place.share();
      for (const auto number : item->place.modules) {
        auto& into = module(number);
        if (from != kNever) into.arrivals[from] += share;
        if (to != kNever) into.resolved[to] += share;
        if (closed && to == kNever) continue;
        // Open at the ends of the quarters from its coming to before its closing.
        const std::size_t newest = to == kNever ? 0 : to + 1, oldest = std::min(from, kMostQuarters - 1);
        for (std::size_t quarter = newest; quarter <= oldest; ++quarter) into.open[quarter] += share;
      }
    }
  }

  void read_commits() {
    std::map<std::pair<ModulePlaces::Module, ModulePlaces::Module>, int> together;
    std::map<ModulePlaces::Module, int> alone;
    for (const auto rows = context_.database.query(
             "SELECT commit_id, author_id FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
             "parent_count < 2 AND committed_at <= :as_of ORDER BY commit_id",
             context_.parameters());
         rows->next();) {
      const auto* place = places_.commit(rows->integer(0));
      const auto quarter = place ? quarter_of(place->known_at) : std::nullopt;
      if (!quarter || people_.bots.contains(people_.person(rows->optional_integer(1)))) continue;
      for (const auto number : place->modules) {
        auto& into = module(number);
        into.changes[*quarter] += 1;
        if (!work_.has_items) into.arrivals[*quarter] += place->share(), into.resolved[*quarter] += place->share();
      }
      if (*quarter >= 3 * kQuartersAYear || place->modules.size() > kMostTogether) continue;
      for (const auto one : place->modules) {
        ++alone[one];
        for (const auto other : place->modules)
          if (one != other) ++together[{one, other}];
      }
    }
    for (const auto& [pair, count] : together)
      if (count >= kLeastTogether && count >= kLeastConfidence * alone[pair.first]) ++module(pair.second).dependents;
  }

  // To the quarters that are known of: of a tracker, from its first item on.
  void cut() {
    work_.quarters = work_.has_items ? std::min(first_act_, first_item_) : first_act_;
    for (auto& each : work_.modules) {
      for (auto* series : {&each.arrivals, &each.resolved, &each.open, &each.changes, &each.hours})
        series->resize(work_.quarters);
      for (auto& worker : each.workers)
        while (!worker.quarters.empty() && worker.quarters.back() >= work_.quarters)
          worker.quarters.pop_back(), worker.hours.pop_back();
      std::erase_if(each.workers, [](const auto& worker) { return worker.quarters.empty(); });
    }
  }

  const Context& context_;
  const People& people_;
  ModulePlaces& places_;
  ModuleWork work_;
  std::size_t first_act_ = 0, first_item_ = 0;
};

}  // namespace

const ModuleWork::Module* ModuleWork::find(const std::string& name) const {
  const auto found = std::find_if(modules.begin(), modules.end(), [&](const auto& each) { return each.name == name; });
  return found == modules.end() ? nullptr : &*found;
}

ModuleWork load_module_work(const Context& context, const People& people, ModulePlaces& places) {
  return WorkReader(context, people, places).read();
}

std::string pack_module_work(const ModuleWork& work) {
  Packer packer;
  packer.signed_whole(work.moment);
  packer.whole(work.quarters);
  packer.whole(work.has_items);
  for (const double each : {work.hours_all, work.hours_placed}) packer.number(each);
  for (const auto each : {work.items_all, work.items_placed}) packer.signed_whole(each);
  packer.whole(work.modules.size());
  for (const auto& module : work.modules) {
    packer.text(module.name);
    packer.whole(module.stands);
    packer.signed_whole(module.dependents);
    for (const auto* series : {&module.arrivals, &module.resolved, &module.open, &module.changes, &module.hours})
      packer.numbers(*series);
    packer.whole(module.workers.size());
    for (const auto& worker : module.workers) {
      packer.signed_whole(worker.person);
      packer.numbers(worker.quarters);
      packer.numbers(worker.hours);
    }
  }
  std::vector<std::int64_t> people;
  for (const auto& [person, quarters] : work.active) people.push_back(person);
  std::sort(people.begin(), people.end());
  packer.whole(people.size());
  for (const auto person : people) {
    packer.signed_whole(person);
    packer.whole(work.active.at(person));
  }
  return packer.take();
}

ModuleWork unpack_module_work(std::string_view bytes) {
  Unpacker unpacker(bytes);
  ModuleWork work;
  const Error broken("what was kept of modules is broken");
  work.moment = unpacker.signed_whole();
  work.quarters = unpacker.whole();
  if (work.quarters > kMostQuarters) throw broken;
  work.has_items = unpacker.whole() != 0;
  for (double* each : {&work.hours_all, &work.hours_placed}) *each = unpacker.number();
  for (auto* each : {&work.items_all, &work.items_placed}) *each = unpacker.signed_whole();
  work.modules.resize(unpacker.count(3));
  for (auto& module : work.modules) {
    module.name = std::string(unpacker.text());
    module.stands = unpacker.whole() != 0;
    module.dependents = unpacker.signed_whole();
    for (auto* series : {&module.arrivals, &module.resolved, &module.open, &module.changes, &module.hours}) {
      *series = unpacker.numbers<double>();
      if (series->size() != work.quarters) throw broken;
    }
    module.workers.resize(unpacker.count(3));
    for (auto& worker : module.workers) {
      worker.person = unpacker.signed_whole();
      worker.quarters = unpacker.numbers<std::uint8_t>();
      worker.hours = unpacker.numbers<double>();
      if (worker.hours.size() != worker.quarters.size() ||
          std::any_of(worker.quarters.begin(), worker.quarters.end(), [&](auto q) { return q >= work.quarters; }))
        throw broken;
    }
  }
  for (std::size_t people = unpacker.count(2); people > 0; --people) {
    const std::int64_t person = unpacker.signed_whole();
    work.active[person] = unpacker.whole();
  }
  unpacker.finish();
  return work;
}

Timestamp module_moment(const Context& context) {
  return start_of_day(context.as_of);
}

Context at_module_moment(const Context& context) {
  Context then = context;
  then.as_of = module_moment(context);
  then.arguments.clear();  // what one command was asked is nothing that all modules hang on
  return then;
}

std::string module_basis(const Context& context, std::string_view form) {
  const Timestamp moment = module_moment(context);
  const auto count = [&](std::string_view rows) {
    return context.database
        .integer(fmt::format("SELECT count(*) FROM {} <= :moment", rows),
                 {{"project", context.project_id}, {"moment", moment}})
        .value_or(0);
  };
  // A source that was read to beyond the moment has nothing new to say of the time before it; counting everything
  // that it told would take longer than the answer.
  std::string sources;
  for (const auto rows = context.database.query(
           "SELECT source_id, data_until, synced_at FROM source WHERE project_id = :project ORDER BY source_id",
           {{"project", context.project_id}});
       rows->next();) {
    const bool is_beyond = rows->integer(1) >= moment;
    sources += fmt::format(" {}:{}", rows->integer(0), is_beyond ? moment : rows->integer(2));
  }
  const Parameters project{{"project", context.project_id}};
  const auto marks = [&](std::string_view what) {
    return context.database.integer(fmt::format("SELECT {} FROM path_mark WHERE project_id = :project", what), project)
        .value_or(0);
  };
  return fmt::format("{}: {}; {} commits, {} items, {} marks of {}, sources{}, {} by {}", form, people_basis(context),
                     count("git_commit WHERE project_id = :project AND committed_at"),
                     count("item WHERE project_id = :project AND created_at"), marks("count(*)"), marks("sum(path_id)"),
                     sources, branch_went_on(context) ? "as it was" : "newest", format_date(moment));
}

ModuleWork kept_module_work(const Context& context, const People& people) {
  const std::string basis = module_basis(context, kForm);
  if (const auto bytes = read_learnt(context, kName, basis)) try {
      return unpack_module_work(*bytes);
    } catch (const Error&) {
      // Broken: made anew.
    }
  const Context then = at_module_moment(context);
  ModulePlaces places(then, people);
  ModuleWork work = load_module_work(then, people, places);
  keep_learnt(context, kName, basis, module_moment(context), pack_module_work(work));
  return work;
}

}  // namespace resident
