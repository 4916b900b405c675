import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { Router } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { plotly } from "../charts/plotly.ts";
import { queryClient } from "./api.ts";
import { fetchAhead } from "./fetch-ahead.ts";
import { Frame } from "./frame.tsx";
import { theme, variables } from "./theme.ts";

export function App() {
  useEffect(() => fetchAhead(plotly), []);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="dark">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" />
        <Router hook={useHashLocation}>
          <ModalsProvider>
            <Frame />
          </ModalsProvider>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}
