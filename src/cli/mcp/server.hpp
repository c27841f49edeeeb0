// The Model Context Protocol (JSON-RPC 2.0, one message a line) over a pair of streams,
// for assistants that ask what this program knows. It knows nothing of what the tools
// do. The protocol's own messages are answered at once; calls of tools wait in a
// bounded queue and run one after the other on a second thread, so that a ping or a
// cancellation is heard while one runs. Messages are bounded; what is no valid message
// gets the error the protocol has for it, and never ends the server. The end of the
// input does, after what was asked before it is answered.
#pragma once

#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

namespace resident::mcp {

using Json = nlohmann::ordered_json;

struct Answer {
  std::string text;
  Json structured = {};  // an object, or null
  bool is_error = false;
};

struct Tool {
  std::string name, title, description;
  Json input_schema;
  bool changes = false;   // something in the store; else it only reads
  bool destroys = false;  // what it changes is taken away
  // Throws Error for what can't be; it becomes an Answer with is_error.
  std::function<Answer(const Json& arguments)> run = {};
};

struct Resource {
  std::string uri, name, title, description;
};

struct Service {
  std::string version = {}, instructions = {};
  std::vector<Tool> tools = {};
  std::function<std::vector<Resource>()> resources = {};
  std::vector<Resource> templates = {};                      // uri with {variables}
  std::function<std::string(const std::string&)> read = {};  // Markdown; throws Error for what there is not
};

// Serves until the input ends or nobody reads the output.
void serve(const Service& service, std::istream& in, std::ostream& out);

// Newest first; a client that asks for another is offered the newest.
const std::vector<std::string>& protocol_versions();

}  // namespace resident::mcp
