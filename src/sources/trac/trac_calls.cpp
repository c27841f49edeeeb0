#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <sources/trac/trac_calls.hpp>

namespace resident::trac {

namespace {

using json::Element;
using json::Object;

// {"__jsonclass__": ["datetime", "2024-03-01T10:00:00.123456"]}, in UTC.
std::optional<Timestamp> time_in(const Element& element) {
  json::Array parts;
  if (element.is_object() && !element["__jsonclass__"].get(parts) && parts.size() == 2) {
    std::string_view kind, value;
    if (parts.at(0).get(kind) || kind != "datetime" || parts.at(1).get(value)) return std::nullopt;
    return parse_time(std::string(value.substr(0, value.find('.'))) + "Z");
  }
  std::int64_t number = 0;
  return element.get(number) ? std::nullopt : std::optional(moment(number));
}

// A field's value as the database has it.
std::string value_in(const Element& element) {
  std::string_view text;
  if (!element.get(text)) return std::string(text);
  if (element.is_null()) return {};
  if (const auto at = time_in(element); at && element.is_object()) return format_date(*at);
  return live::minified(element);
}

// The error's number; 0 for none.
std::int64_t error_of(const Object& answer) {
  const auto error = answer.object("error");
  return error ? error->integer("code").value_or(-1) : 0;
}

std::optional<Element> result_of(const Object& answer) {
  constexpr std::int64_t kNotAllowed = 403, kNotThere = 404;
  const std::int64_t error = error_of(answer);
  if (error == kNotThere) return std::nullopt;
  if (error == kNotAllowed) throw Error(ErrorKind::authentication, "the ticket may not be seen");
  const auto result = answer.element("result");
  if (error != 0 || !result)
    throw http::ServerTrouble(
        fmt::format("the call failed: {}", error != 0 ? answer.object("error")->text("message") : "no result"), 200);
  return result;
}

}  // namespace

TracTicket ticket_of_calls(const Element& get, const Element& change_log, const trackers::Problem& problem) {
  json::Array parts, log;
  std::int64_t number = 0;
  if (get.get(parts) || parts.size() != 4 || parts.at(0).get(number)) throw Error("ticket.get gave no ticket");
  if (change_log.get(log)) throw Error("ticket.changeLog gave no list");
  TracTicket ticket;
  ticket.number = number;
  const auto created = time_in(parts.at(1).value());
  if (!created) throw Error("the ticket does not say when it was opened");
  ticket.created = *created;
  const Object fields(parts.at(3).value(), "ticket");
  for (const std::string& name : fields.keys())
    if (name != "_ts" && name != "time" && name != "changetime")
      ticket.fields[name] = custom_value(fields.has(name) ? value_in(*fields.element(name)) : "");
  fields.required_text("status");
  std::size_t position = 0;
  for (const Element entry : log) {
    const std::string place = fmt::format("changeLog/{}", position++);
    json::Array row;
    std::optional<Timestamp> at;
    if (entry.get(row) || row.size() < 5 || !(at = time_in(row.at(0).value()))) {
      problem(place, "no moment, author, field and values");
      continue;
    }
    std::int64_t permanent = 1;
    bool is_permanent = true;
    if (row.size() > 5 && row.at(5).get(permanent) && !row.at(5).get(is_permanent)) permanent = is_permanent;
    const TracChange change{*at, value_in(row.at(1).value()), value_in(row.at(2).value()), value_in(row.at(3).value()),
                            value_in(row.at(4).value())};
    // A file stands there with its description as a comment, neither of which is a row of the table of changes.
    if (permanent == 0 && change.field == "attachment")
      ticket.files.push_back({change.at, change.after, change.author});
    if (permanent != 0) take_change(change, ticket);
  }
  return ticket;
}

bool TracCalls::are_there() {
  if (!are_there_) {
    const auto page = api_.ask(prefix_ + "/rpc", R"({"id":0,"method":"system.getAPIVersion","params":[]})");
    are_there_ = page && error_of(Object(page->root(), "answer")) == 0 &&
                 Object(page->root(), "answer").array("result").has_value();
  }
  return *are_there_;
}

std::optional<TracTicket> TracCalls::ticket(std::int64_t number, const trackers::Problem& problem) {
  const auto page = api_.ask(
      prefix_ + "/rpc",
      fmt::format(
          R"({{"id":0,"method":"system.multicall","params":[{{"id":1,"method":"ticket.get","params":[{0}]}},{{"id":2,"method":"ticket.changeLog","params":[{0}]}}]}})",
          number));
  if (!page) throw http::ServerTrouble("the calls are not answered any more", 404);
  const auto all = result_of(Object(page->root(), "answer"));
  json::Array answers;
  if (!all || all->get(answers) || answers.size() != 2)
    throw http::ServerTrouble("two calls at once gave no two answers", 200);
  const auto get = result_of(Object(answers.at(0).value(), "ticket.get"));
  const auto log = result_of(Object(answers.at(1).value(), "ticket.changeLog"));
  if (!get || !log) return std::nullopt;
  return ticket_of_calls(*get, *log, problem);
}

}  // namespace resident::trac
