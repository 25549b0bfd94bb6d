-- Makes wrk send 16 requests at a time on each connection.
local requests

function init()
    requests = wrk.format("GET"):rep(16)
end

function request()
    return requests
end
