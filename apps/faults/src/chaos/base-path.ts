/** Where the emulator answers. */
export const BASE_PATH = '/v1/projects/my-project/locations/global/endpoints/openapi'
