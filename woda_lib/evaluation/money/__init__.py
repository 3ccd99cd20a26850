"""From effect to money: uncertain inputs, flows over years, and what the answer hangs on."""
