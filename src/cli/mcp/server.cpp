#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/mcp/server.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <net/token.hpp>
#include <optional>
#include <thread>

namespace resident::mcp {

namespace {

constexpr std::size_t kLongestMessage = 1 << 20;
constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kMostInBatch = 32;
constexpr std::size_t kLongestId = 200;
constexpr std::size_t kDeepest = 64;  // lists and objects within each other; no call has more than five
// JSON-RPC 2.0, and MCP's for a resource that is not there.
constexpr int kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601, kInvalidParameters = -32602,
              kInternalError = -32603, kResourceNotFound = -32002, kBusy = -32000;

struct Refusal {
  int code;
  std::string message;
};

std::string text_of(const Error& error) {
  const std::string hint = error.hint().empty() ? "" : " (" + error.hint() + ")";
  return one_line(redact(error.what() + hint));
}

enum class Line { whole, too_long, end };

// The next line; one that is too long is read to its end without being kept.
Line read_line(std::istream& in, std::string& line) {
  line.clear();
  bool is_too_long = false;
  for (;;) {
    const int next = in.get();
    if (next == std::istream::traits_type::eof()) return line.empty() && !is_too_long ? Line::end : Line::whole;
    if (next == '\n') return is_too_long ? Line::too_long : Line::whole;
    if (line.size() >= kLongestMessage) {
      is_too_long = true;
    } else {
      line += static_cast<char>(next);
    }
  }
}

// Looked at before the message is read: the JSON library copies and writes what it read by calling itself for each
// level.
bool is_too_deep(std::string_view message) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (in_text) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

// The text of a member; nothing where there is none, or no text.
std::optional<std::string> text_member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool is_valid_id(const Json& id) {
  return id.is_number_integer() || (id.is_string() && id.get_ref<const std::string&>().size() <= kLongestId);
}

class Server {
 public:
  Server(const Service& service, std::ostream& out) : service_(service), out_(out) {}

  void run(std::istream& in) {
    // std::cin writes out what std::cout holds whenever it is read: beside the worker, and without its mutex.
    in.tie(nullptr);
    std::jthread worker([this] { work(); });
    const End end{*this};  // before the worker is waited for, however this ends
    std::string line;
    for (Line state; (state = read_line(in, line)) != Line::end;) {
      if (state == Line::too_long) {
        send(error_of(nullptr, {kInvalidRequest, fmt::format("a message has at most {} bytes", kLongestMessage)}));
      } else if (!trim(line).empty()) {
        take(line);
      }
      const std::lock_guard lock(output_mutex_);
      if (!out_) break;  // nobody reads it
    }
  }

 private:
  struct End {
    Server& server;
    ~End() {
      {
        const std::lock_guard lock(server.mutex_);
        server.is_ended_ = true;
      }
      server.wake_.notify_all();
    }
  };

  struct Call {
    Json id;
    const Tool* tool;
    Json arguments;
  };

  void send(const Json& message) {
    const std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
    const std::lock_guard lock(output_mutex_);
    out_ << text << "\n" << std::flush;
  }

  static Json error_of(const Json& id, const Refusal& refusal) {
    return {{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", refusal.code}, {"message", refusal.message}}}};
  }

  void take(const std::string& line) {
    if (is_too_deep(line))
      return send(error_of(nullptr, {kInvalidRequest, fmt::format("a message is at most {} levels deep", kDeepest)}));
    const Json message = Json::parse(line, nullptr, false);
    if (message.is_discarded()) return send(error_of(nullptr, {kParseError, "this is not JSON"}));
    if (!message.is_array()) return take_one(message);
    if (message.empty() || message.size() > kMostInBatch)
      return send(error_of(nullptr, {kInvalidRequest, fmt::format("a batch has 1 to {} messages", kMostInBatch)}));
    for (const auto& each : message) take_one(each);
  }

  void take_one(const Json& message) {
    if (!message.is_object() || text_member(message, "jsonrpc") != "2.0")
      return send(error_of(nullptr, {kInvalidRequest, "this is no JSON-RPC 2.0 message"}));
    const Json id = message.value("id", Json());
    const std::optional<std::string> method = text_member(message, "method");
    const Json parameters = message.value("params", Json::object());
    if (!method) {
      // An answer to something we never asked is nothing to complain about.
      if (message.contains("result") || message.contains("error")) return;
      return send(error_of(is_valid_id(id) ? id : Json(), {kInvalidRequest, "a request needs a method"}));
    }
    const std::string& name = *method;
    if (!message.contains("id")) {
      if (name == "notifications/cancelled" && parameters.is_object()) cancel(parameters.value("requestId", Json()));
      return;
    }
    if (!is_valid_id(id)) return send(error_of(nullptr, {kInvalidRequest, "an id is a string or a whole number"}));
    try {
      if (!parameters.is_object()) throw Refusal{kInvalidParameters, "params must be an object"};
      if (auto result = answer(name, id, parameters))
        send({{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(*result)}});
    } catch (const Refusal& refusal) {
      send(error_of(id, refusal));
    } catch (const Error& error) {
      send(error_of(id, {kInternalError, text_of(error)}));
    } catch (const std::exception& error) {
      send(error_of(id, {kInternalError, one_line(redact(error.what()))}));
    }
  }

  // Nothing: the answer comes later, from the worker.
  std::optional<Json> answer(const std::string& method, const Json& id, const Json& parameters) {
    if (method == "ping") return Json::object();
    if (method == "initialize") return initialize(parameters);
    if (!is_initialized_) throw Refusal{kInvalidRequest, "initialize comes first"};
    if (method == "tools/list") return list_tools(parameters);
    if (method == "tools/call") {
      enqueue(id, parameters);
      return std::nullopt;
    }
    if (method == "resources/list") return list_resources("resources", "uri", service_.resources(), parameters);
    if (method == "resources/templates/list")
      return list_resources("resourceTemplates", "uriTemplate", service_.templates, parameters);
    if (method == "resources/read") return read_resource(parameters);
    throw Refusal{kMethodNotFound, fmt::format("there is no method {}", one_line(clean_text(method, kLongestId)))};
  }

  Json initialize(const Json& parameters) {
    const auto& versions = protocol_versions();
    const Json asked = parameters.value("protocolVersion", Json());
    if (!asked.is_string()) throw Refusal{kInvalidParameters, "initialize needs a protocolVersion"};
    const auto found = std::find(versions.begin(), versions.end(), asked.get_ref<const std::string&>());
    is_initialized_ = true;
    return {{"protocolVersion", found == versions.end() ? versions.front() : *found},
            {"capabilities", {{"tools", Json::object()}, {"resources", Json::object()}}},
            {"serverInfo", {{"name", "resident"}, {"title", "Resident"}, {"version", service_.version}}},
            {"instructions", service_.instructions}};
  }

  // All lists are on one page.
  static void refuse_cursor(const Json& parameters) {
    if (parameters.contains("cursor")) throw Refusal{kInvalidParameters, "there is no such page"};
  }

  Json list_tools(const Json& parameters) const {
    refuse_cursor(parameters);
    Json list = Json::array();
    for (const auto& tool : service_.tools) {
      Json annotations{{"title", tool.title}, {"readOnlyHint", !tool.changes}, {"openWorldHint", false}};
      if (tool.changes) annotations.update({{"destructiveHint", tool.destroys}, {"idempotentHint", true}});
      list.push_back({{"name", tool.name},
                      {"title", tool.title},
                      {"description", tool.description},
                      {"inputSchema", tool.input_schema},
                      {"annotations", std::move(annotations)}});
    }
    return {{"tools", std::move(list)}};
  }

  static Json list_resources(const char* key, const char* address, const std::vector<Resource>& resources,
                             const Json& parameters) {
    refuse_cursor(parameters);
    Json list = Json::array();
    for (const auto& each : resources)
      list.push_back({{address, each.uri},
                      {"name", each.name},
                      {"title", each.title},
                      {"description", each.description},
                      {"mimeType", "text/markdown"}});
    return {{key, std::move(list)}};
  }

  Json read_resource(const Json& parameters) const {
    const Json uri = parameters.value("uri", Json());
    if (!uri.is_string()) throw Refusal{kInvalidParameters, "resources/read needs a uri"};
    try {
      const std::string text = service_.read(uri.get<std::string>());
      return {{"contents", Json::array({{{"uri", uri}, {"mimeType", "text/markdown"}, {"text", text}}})}};
    } catch (const Error& error) {
      throw Refusal{error.kind() == ErrorKind::usage ? kResourceNotFound : kInternalError, text_of(error)};
    }
  }

  void enqueue(const Json& id, const Json& parameters) {
    const std::optional<std::string> name = text_member(parameters, "name");
    Json arguments = parameters.value("arguments", Json::object());
    if (!name) throw Refusal{kInvalidParameters, "tools/call needs the name of a tool"};
    if (!arguments.is_object()) throw Refusal{kInvalidParameters, "arguments must be an object"};
    const auto tool = std::find_if(service_.tools.begin(), service_.tools.end(),
                                   [&](const auto& each) { return each.name == *name; });
    if (tool == service_.tools.end())
      throw Refusal{kInvalidParameters, fmt::format("there is no tool {}", one_line(clean_text(*name, kLongestId)))};
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() >= kMostWaiting) throw Refusal{kBusy, "too many calls are waiting; ask again later"};
      waiting_.push_back({id, &*tool, std::move(arguments)});
    }
    wake_.notify_one();
  }

  // One that waits is forgotten; one that runs comes to its end, and nobody hears of it.
  void cancel(const Json& id) {
    const std::lock_guard lock(mutex_);
    if (running_ && running_->id == id) is_cancelled_ = true;
    std::erase_if(waiting_, [&](const Call& call) { return call.id == id; });
  }

  void work() {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return is_ended_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        running_ = std::move(waiting_.front());
        waiting_.pop_front();
        is_cancelled_ = false;
      }
      const Json result = call(*running_);
      const Json id = running_->id;
      bool is_wanted = true;
      {
        const std::lock_guard lock(mutex_);
        is_wanted = !is_cancelled_;
        running_.reset();
      }
      if (is_wanted) send_result(id, result);
    }
  }

  // An answer that there is no memory for ends that call alone.
  void send_result(const Json& id, const Json& result) {
    try {
      send({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
    } catch (const std::exception& error) {
      send(error_of(id, {kInternalError, one_line(redact(error.what()))}));
    }
  }

  // What fails is told to the assistant, which may know better the second time.
  static Json call(const Call& call) {
    Answer answer;
    try {
      answer = call.tool->run(call.arguments);
    } catch (const Error& error) {
      answer = {text_of(error), {}, true};
    } catch (const std::exception& error) {
      answer = {"this should not have happened: " + one_line(redact(error.what())), {}, true};
    }
    Json result{{"content", Json::array({{{"type", "text"}, {"text", std::move(answer.text)}}})},
                {"isError", answer.is_error}};
    if (answer.structured.is_object()) result["structuredContent"] = std::move(answer.structured);
    return result;
  }

  const Service& service_;
  std::ostream& out_;
  bool is_initialized_ = false;
  std::mutex output_mutex_, mutex_;
  std::condition_variable wake_;
  // Under mutex_:
  std::deque<Call> waiting_;
  std::optional<Call> running_;
  bool is_cancelled_ = false, is_ended_ = false;
};

}  // namespace

const std::vector<std::string>& protocol_versions() {
  static const std::vector<std::string> versions{"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};
  return versions;
}

void serve(const Service& service, std::istream& in, std::ostream& out) {
  Server(service, out).run(in);
}

}  // namespace resident::mcp
